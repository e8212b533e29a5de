import { parser } from '@prometheus-io/lezer-promql';

/** What Grafana puts in place of its variables before a query is sent. */
const VARIABLES: Readonly<Record<string, string>> = {
  $symbol: 'MSFT',
  $__rate_interval: '1m',
};

export function interpolate(expression: string): string {
  return expression.replaceAll(/\$\w+/g, (name) => {
    const value = VARIABLES[name];
    if (value === undefined) throw new Error(`unknown variable ${name} in ${expression}`);
    return value;
  });
}

/** Where the grammar of PromQL does not follow, as `offset: text`. */
export function syntaxErrors(expression: string): string[] {
  const errors: string[] = [];
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) errors.push(`${node.from}: ${expression.slice(node.from, node.from + 20)}`);
    },
  });
  return errors;
}

/** Names of the metrics an expression reads. */
export function metricNames(expression: string): string[] {
  const names: string[] = [];
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.name === 'VectorSelector') names.push(/^[\w:]+/.exec(expression.slice(node.from, node.to))![0]);
    },
  });
  return names;
}

const COMPARISONS = ['Eql', 'Neq', 'Gte', 'Gtr', 'Lss', 'Lte', 'EqlC'];

/** The same comparisons answering 0 or 1 instead of dropping what does not hold: an alert then shows that its data is there. */
export function withoutFilter(expression: string): string {
  const ends: number[] = [];
  parser.parse(expression).iterate({
    enter: (node) => {
      const between = node.node.parent?.name === 'BinaryExpr';
      if (between && COMPARISONS.includes(node.name)) ends.push(node.to);
    },
  });
  return ends.reduceRight((text, end) => `${text.slice(0, end)} bool${text.slice(end)}`, expression);
}
