import { inNotebook, sum } from '@polytask/components';
import { groupBy, MultiTaskModel } from '@polytask/core';
import { counted, formatCount } from '../format.ts';
import * as doc from './blocks.ts';
import { htmlPart } from './html.ts';
import { renderText } from './terminal.ts';
import { featureSentences, predictionTable } from './training-document.ts';

const viewOf = (document: doc.ReportDocument) => ({ html: htmlPart(document), text: renderText(document) });

/**
 * Makes a result show itself in a notebook, as its document does on a page. The result stays plain data.
 *
 * @example shownAs(explanation, (each) => explanationDocument('people-model', each))
 */
export const shownAs = <T extends object>(value: T, documentOf: (value: T) => doc.ReportDocument): T =>
  inNotebook(value, (each) => viewOf(documentOf(each)));

/** The tasks, features and parts of a model, with the number of parameters of each part. */
function modelDocument({ config, store, schema, parameterCount }: MultiTaskModel): doc.ReportDocument {
  const parameters = [
    ...store.tables().map(({ name, size }) => ({ name, size })),
    ...store.all().map(({ name, trainable, live }) => ({ name, size: trainable ? live : 0 })),
  ];
  const parts = groupBy(parameters, ({ name }) => name.split('.').slice(0, 2).join('.'));
  return doc.documentOf(
    `${config.network.name}: ${counted(parameterCount, 'parameter')}`,
    doc.text(featureSentences(schema.features)),
    doc.table(predictionTable(schema.tasks)),
    doc.rows(
      ['part', 'parameters'],
      [...parts].map(([name, own]) => [name, formatCount(sum(own, ({ size }) => size))]),
    ),
  );
}

// Here and not in core: a page that only predicts would pay for it.
inNotebook(MultiTaskModel.prototype, (model) => viewOf(modelDocument(model)));
