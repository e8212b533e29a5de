/** The uid under which Grafana provisions Prometheus (provisioning/datasources/prometheus.yml); every query names it. */
export const DATASOURCE = { type: 'prometheus', uid: 'shepherd-prometheus' } as const;
