/** The uids under which Grafana provisions its two sources (provisioning/datasources/shepherd.yml); every query names one. */
export const PROMETHEUS = { type: 'prometheus', uid: 'shepherd-prometheus' } as const;
export const POSTGRES = { type: 'grafana-postgresql-datasource', uid: 'shepherd-postgres' } as const;
