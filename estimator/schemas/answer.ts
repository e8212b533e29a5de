import { Type, type Static } from '@sinclair/typebox';

const Level = Type.Number({ description: 'Nominal coverage of [lower, upper].', examples: [0.9] });
const Day = Type.String({ format: 'date', description: 'A trading day, YYYY-MM-DD.' });
const Interval = Type.Array(Type.Number(), { minItems: 2, maxItems: 2, examples: [[-0.01, 0.03]] });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const ModelSchema = Type.Object(
  {
    symbol: Type.String(),
    version: Type.Integer(),
    trainedTo: Type.String({ format: 'date', description: 'Last day of data the model was trained on.' }),
  },
  { description: 'The model that answered.' },
);

/** What every answer says about the model behind it. */
export const quality = {
  level: Level,
  skill: nullable(
    Type.Number(),
    '1 - MSE / MSE of the naive forecast over the last 60 scored days: above 0 is better than naive. ' +
      'null before the first scored day, and for values of your own: how good the model is was measured on its own series alone.',
  ),
  skillInterval: nullable(
    Interval,
    'Where the true skill lies, nine times in ten, by the spread of these days; null as for skill, and below 20 scored days.',
  ),
  coverage: nullable(
    Type.Number(),
    'Share of the last 60 scored days whose close was inside the band; null as for skill.',
  ),
  coverageInterval: nullable(Interval, 'The same of coverage; null as for skillInterval.'),
  betterThanNaive: nullable(
    Type.Boolean(),
    'true: of late the model was better than "tomorrow is as today"; false: it was worse; null: these days cannot tell, or as for skill.',
  ),
  warning: Type.Optional(Type.String({ description: 'Said only when the model was worse than naive.' })),
  model: ModelSchema,
};

const band = {
  prediction: Type.Number(),
  lower: Type.Number({ description: 'Lower end of the band.' }),
  upper: Type.Number({ description: 'Upper end of the band.' }),
};

export const DayAnswerSchema = Type.Object({ day: nullable(Day, 'null where the days are not known.'), ...band });
export type DayAnswer = Static<typeof DayAnswerSchema>;

const hindsight = Type.Optional(
  Type.Literal(true, {
    description:
      'Only on a forecast of days that the model was trained on (those after its last day seen, up to model.trainedTo): it is then no ' +
      'evidence of how well the model forecasts. Absent: the weights had not seen the day.',
  }),
);

/** Forecast from one window: the next day, and with a horizon the days after it. */
export const PredictionSchema = Type.Object(
  {
    ...band,
    naive: Type.Number({ description: 'The forecast "as today": the last close.' }),
    ...quality,
    asOf: nullable(Day, 'Last day the forecast has seen; null for values sent without days.'),
    day: Type.Optional(nullable(Day, 'The day that is forecast; null where the days are not known.')),
    actual: Type.Optional(nullable(Type.Number(), 'The close of that day; null while it is not known.')),
    hindsight,
    asked: Type.Optional(
      Type.String({
        format: 'date',
        description: 'The day that was asked for, where nobody trades on it: `day` is the next trading day.',
      }),
    ),
    forecast: Type.Optional(
      Type.Array(DayAnswerSchema, {
        description: 'One entry a day ahead, the first that of `prediction`; absent for one day asked for by `date`.',
      }),
    ),
  },
  { title: 'Prediction' },
);
export type Prediction = Static<typeof PredictionSchema>;
/** The answer to every form of question but one day by `date`. */
export type PredictionAhead = Prediction & { forecast: DayAnswer[] };

export const BatchPredictionSchema = Type.Object(
  {
    predictions: Type.Array(
      Type.Object({
        ...band,
        naive: Type.Number(),
        forecast: Type.Array(DayAnswerSchema, {
          description: 'One entry a day ahead, the first that of `prediction`.',
        }),
      }),
    ),
    ...quality,
    asOf: Type.Null({ description: 'null: values sent without days.' }),
  },
  { title: 'BatchPrediction' },
);
export type BatchPrediction = Static<typeof BatchPredictionSchema>;

export const RangePredictionSchema = Type.Object(
  {
    predictions: Type.Array(
      Type.Object({
        date: Type.String({ format: 'date', description: 'The same as `day`, by its older name.' }),
        day: Day,
        ...band,
        naive: Type.Number(),
        actual: nullable(Type.Number(), 'null where the close is not known yet.'),
        hindsight,
      }),
    ),
    horizon: Type.Integer({ description: 'Days ahead each forecast was made.' }),
    ...quality,
    asOf: nullable(Day, 'Last day the last forecast has seen; null where that is not a stored day.'),
  },
  { title: 'RangePrediction' },
);
export type RangePrediction = Static<typeof RangePredictionSchema>;
