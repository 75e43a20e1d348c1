import { fusionHeatMaps, type FusionOfModel } from '@polytask/study';
import { Drawn } from './drawn.tsx';

/** The fusion weights of each level, as the report draws them. */
export const HeatMap = ({ model, fusion }: FusionOfModel) => (
  <>
    {fusionHeatMaps({ model, fusion }).map(({ name, drawing }) => (
      <div key={name} class="wide" tabIndex={0}>
        <Drawn markup={drawing} />
      </div>
    ))}
  </>
);
