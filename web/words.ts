/** Every word of the page in both languages; sentences of the record stay as they were written. */
const WORDS = {
  series: ['Series', 'Série'],
  daysAhead: ['Days ahead', 'Dias à frente'],
  language: ['Language', 'Idioma'],
  more: ['More', 'Mais'],
  metrics: ['Metrics', 'Métricas'],
  runbook: ['Runbook', 'Manual'],
  api: ['API', 'API'],
  tomorrow: ['What will the next day bring?', 'O que trará o próximo dia?'],
  howSure: ['How sure is that?', 'Com que certeza?'],
  trust: ['Can I trust it?', 'Posso confiar?'],
  around: ['on {day}, after {close} on {asOf}', 'em {day}, depois de {close} em {asOf}'],
  between: ['{level} likely between {lower} and {upper}', '{level} de chance entre {lower} e {upper}'],
  heldOf: [
    'Such bands held {coverage} of the last {days} days',
    'Essas faixas contiveram {coverage} dos últimos {days} dias',
  ],
  notScored: ['No forecast has met its day yet', 'Nenhuma previsão encontrou o seu dia ainda'],
  trustYes: ['Yes, as far as it goes', 'Sim, no que lhe cabe'],
  trustLook: ['With care', 'Com cautela'],
  trustNo: ['Not just now', 'Agora não'],
  freshYes: ['Data up to date', 'Dados em dia'],
  freshNo: ['Data not up to date: {detail}', 'Dados atrasados: {detail}'],
  freshNone: ['No feed to be asked', 'Sem fonte para consultar'],
  driftstable: ['Data as usual', 'Dados como de costume'],
  driftdrifted: ['Data has drifted in {cause}', 'Os dados mudaram em {cause}'],
  driftundetermined: ['Drift cannot be told', 'Não se sabe se mudaram'],
  driftnone: ['Not checked for drift yet', 'Ainda sem verificação de mudança'],
  better: ['Better than "tomorrow is as today" (skill {skill})', 'Melhor que "amanhã é como hoje" (ganho {skill})'],
  worse: ['Worse than "tomorrow is as today" (skill {skill})', 'Pior que "amanhã é como hoje" (ganho {skill})'],
  equal: [
    'Not told apart from "tomorrow is as today" yet; what the model earns is in the band',
    'Ainda não se distingue de "amanhã é como hoje"; o valor do modelo está na faixa',
  ],
  answers: [
    'Model {version} answers, trained on days up to {trainedTo}',
    'Responde o modelo {version}, treinado até {trainedTo}',
  ],
  databaseAway: ['The database is away; this is from memory.', 'O banco de dados está fora; isto vem da memória.'],
  away: ['The estimator does not answer; trying again.', 'O servidor não responde; tentando de novo.'],
  chart: ['What was forecast, and what came', 'O que se previu, e o que veio'],
  chartNote: [
    'Past days: the forecast and the {level} band that were issued the day before. Days ahead: as seen from {asOf}; the band widens with the distance.',
    'Dias passados: a previsão e a faixa de {level} emitidas na véspera. Dias à frente: vistos de {asOf}; a faixa se alarga com a distância.',
  ],
  actual: ['actual', 'real'],
  forecast: ['forecast', 'previsão'],
  band: ['band', 'faixa'],
  ahead: ['The days ahead as a table', 'Os dias à frente em tabela'],
  marks: ['Marks, with their evidence', 'Marcas, com sua evidência'],
  noMarks: ['Nothing is marked in these days.', 'Nada marcado nestes dias.'],
  promoted: ['promoted', 'promovido'],
  'rolled-back': ['rolled back', 'revertido'],
  alarm: ['alarm', 'alarme'],
  refused: ['refused', 'recusado'],
  fault: ['feed fault', 'falha da fonte'],
  drift: ['Drift: every detector, as a share of its limit', 'Mudança: cada detector, como parte do seu limite'],
  coverage: ['Coverage of the band over twenty days', 'Cobertura da faixa em vinte dias'],
  limit: ['limit', 'limite'],
  promise: ['promised', 'prometido'],
  noDetectors: ['No check with detectors is stored yet.', 'Nenhuma verificação com detectores ainda.'],
  ask: ['Ask for a forecast', 'Peça uma previsão'],
  byHorizon: ['Days ahead', 'Dias à frente'],
  byDate: ['A date', 'Uma data'],
  byNumbers: ['My numbers', 'Meus números'],
  byFile: ['A CSV file', 'Um arquivo CSV'],
  date: ['Date', 'Data'],
  numbers: [
    'Values, the oldest first, separated by commas, spaces or lines',
    'Valores, do mais antigo ao mais novo, separados por vírgulas, espaços ou linhas',
  ],
  file: ['File', 'Arquivo'],
  forecastIt: ['Forecast', 'Prever'],
  day: ['Day', 'Dia'],
  lower: ['Foot of its band', 'Pé da faixa'],
  upper: ['Top of its band', 'Topo da faixa'],
  live: ['What was live when', 'O que esteve em serviço, e quando'],
  compare: ['Compare the models', 'Compare os modelos'],
  model: ['Model', 'Modelo'],
  since: ['Since', 'Desde'],
  why: ['Why', 'Por quê'],
  by: ['By', 'Por'],
  trained: ['Trained on', 'Treinado com'],
  heldOut: ['Held-out MSE, of naive', 'MSE fora da amostra, do ingênuo'],
  story: ['What happened', 'O que aconteceu'],
  quiet: ['{runs} quiet days: nothing moved, the model stayed', '{runs} dias calmos: nada mudou, o modelo ficou'],
  flock: ['The flock', 'O rebanho'],
  search: ['Search', 'Buscar'],
  shown: ['{shown} of {all} series', '{shown} de {all} séries'],
  showMore: ['Show 100 more', 'Mostrar mais 100'],
  look: ['Needs a look', 'Merece atenção'],
  skill: ['Skill', 'Ganho'],
  lastDay: ['Last day', 'Último dia'],
  lastRun: ['Last run', 'Última rodada'],
  failed: ['last run failed', 'última rodada falhou'],
  silent: ['{days} days missing', 'faltam {days} dias'],
  held: ['{bars} bars held back', '{bars} barras retidas'],
  drifted: ['drifted in {cause}', 'mudou em {cause}'],
  narrow: ['band too narrow', 'faixa estreita demais'],
  noModel: ['no model yet', 'sem modelo'],
  act: ['Act (with the token)', 'Agir (com o token)'],
  token: ['Token', 'Token'],
  reason: ['Reason', 'Motivo'],
  retrain: ['Retrain', 'Retreinar'],
  rollback: ['Roll back', 'Reverter'],
  pin: ['Pin', 'Fixar'],
  unpin: ['Release the pin', 'Soltar'],
  showHeld: ['Show held bars', 'Ver barras retidas'],
  noHeld: ['No bar is held back.', 'Nenhuma barra retida.'],
  accept: ['Accept', 'Aceitar'],
  reject: ['Reject', 'Rejeitar'],
  done: ['Done: {what}', 'Feito: {what}'],
  actNote: [
    'Each act is stored with its reason and as done by the token; the token stays in this page alone.',
    'Cada ato é guardado com o motivo e como feito pelo token; o token fica só nesta página.',
  ],
} as const satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof WORDS;

const LANGUAGES = ['en', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];

let chosen: Language = 'en';

export const language = (): Language => chosen;

/** The one in the address, else the one chosen before, else the browser's; English for all that is not known. */
export function chooseLanguage(wanted: string | null): void {
  chosen = LANGUAGES.find((known) => wanted?.toLowerCase().startsWith(known)) ?? 'en';
  document.documentElement.lang = chosen === 'pt' ? 'pt-BR' : 'en';
  for (const labelled of document.querySelectorAll<HTMLElement>('[data-word]')) {
    labelled.textContent = word(labelled.dataset['word'] as Word); // a test holds the page's words to this list
  }
  for (const labelled of document.querySelectorAll<HTMLElement>('[data-label]')) {
    labelled.setAttribute('aria-label', word(labelled.dataset['label'] as Word));
  }
}

/** The words in the chosen language, each {name} replaced. */
export function word(key: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return WORDS[key][LANGUAGES.indexOf(chosen)]!.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );
}
