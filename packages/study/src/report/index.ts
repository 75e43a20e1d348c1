// The door of the room: documents, their printers, and what they say. It reads summaries and results, and plans nothing.
export { type Block, picturesOf, type Importance, type ReportDocument } from './blocks.ts';
export { answerBlocks, comparisonDocument, digitsBlocks, type ReportInput } from './comparison-document.ts';
export { dataSetsDocument, type DataSetsOptions, type FolderOfTrials } from './data-sets-document.ts';
export { explanationDocument } from './explanation-document.ts';
export { tradeOffsDocument, type TradeOffsReport } from './trade-offs-document.ts';
export { TOGETHER_MODELS, togetherDocument, type TogetherReport } from './together-document.ts';
export {
  modelCard,
  searchSentences,
  trainingAnswer,
  trainingDocument,
  type CardOptions,
  type TrainingReport,
} from './training-document.ts';
export { beforeAndAfter, type ComparedRows, type Continued, type SeenCount, leftOutSentences } from './continued.ts';
export { blocksMarkup, DOCUMENT_RULES, renderHtml, tableMarkup } from './html.ts';
export { type MarkdownOptions, renderMarkdown } from './markdown.ts';
export { renderText, type TextOptions } from './terminal.ts';
export { sortedTable, type Cell, type Table as ReportTable, type TableColumn, textTable } from './table.ts';
export { differencesCsv, resultsCsv } from './csv.ts';
export { columnDigits, differenceRows, type DifferenceRow, differenceTable, SIGNS } from './differences.ts';
export { verdict, type Words } from './verdict.ts';
export { leaderboard } from './leaderboard.ts';
export { type Standing, standingsOf } from './standings.ts';
export { brokenName, linelessTable, wrapped } from './plain-text.ts';
export { dot, inGrid, legend, stacked, type Drawing } from './pictures/chart.ts';
export { rowPlot } from './pictures/row-plot.ts';
export { h, type Content, type Markup } from './pictures/markup.ts';
export { chartScales, lineChart, type LineChart, type Series } from './pictures/line-chart.ts';
export { type Picture, drawPicture, svgFile, svgText } from './pictures/picture.ts';
export { type Range, roomyRange } from './pictures/scale.ts';
export { seriesClass } from './pictures/theme.ts';
export { fusionHeatMaps, type FusionOfModel } from './pictures/fusion-heat-maps.ts';
export { type TablePictures, tablePictures } from './pictures/pictures.ts';
