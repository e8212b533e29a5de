import type { Client } from '../db/connection/client.ts';

/** A schema as text that two databases share exactly when they have the same tables, constraints, code, views and grants. */
const SECTIONS: readonly { readonly title: string; readonly sql: string }[] = [
  {
    title: 'Tables',
    sql: `SELECT format(E'TABLE %s (\\n%s\\n);', c.relname, string_agg(format('  %s %s%s%s%s', a.attname,
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
        CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' ELSE '' END,
        ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)), E',\\n' ORDER BY a.attnum)) AS text
      FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname`,
  },
  {
    title: 'Constraints',
    sql: `SELECT format('ON %s: %s %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS text
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 ORDER BY conrelid::regclass::text, conname`,
  },
  {
    title: 'Indexes',
    sql: `SELECT pg_get_indexdef(indexrelid) || ';' AS text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE relnamespace = 'public'::regnamespace ORDER BY relname`,
  },
  {
    title: 'Functions',
    sql: `SELECT pg_get_functiondef(oid) || ';' AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname`,
  },
  {
    title: 'Triggers',
    sql: `SELECT pg_get_triggerdef(t.oid) || ';' AS text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid
      WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal ORDER BY relname, tgname`,
  },
  {
    title: 'Views',
    sql: `SELECT format(E'VIEW %s AS\\n%s', relname, pg_get_viewdef(oid)) AS text
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' ORDER BY relname`,
  },
  {
    title: 'Grants',
    sql: `SELECT format('GRANT %s ON %s TO %s;', string_agg(privilege_type, ', ' ORDER BY privilege_type), name, grantee) AS text
      FROM (
        SELECT relname::text AS name, relowner AS owner, (aclexplode(relacl)).*
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
        UNION ALL
        SELECT 'FUNCTION ' || proname, proowner, (aclexplode(proacl)).*
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      ) AS acl (name, owner, grantor, grantee_id, privilege_type, is_grantable)
      CROSS JOIN LATERAL (SELECT CASE grantee_id WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee_id)::text END) AS g(grantee)
      WHERE grantee_id <> owner GROUP BY grantee, name ORDER BY grantee, name`,
  },
];

/**
 * The schema `public` as SQL-like text in a fixed order: kept as `schema.sql` for reviewers, and compared by a test.
 * (pg_dump does not come with the npm binaries, and its text differs from version to version.)
 */
export async function dumpSchema(owner: Client): Promise<string> {
  const parts: string[] = [];
  for (const { title, sql } of SECTIONS) {
    const rows = await owner.query<{ text: string }>(sql);
    parts.push(`-- ${title}\n`, ...rows.map(({ text }) => text.trim()), '');
  }
  return `${parts.join('\n').trim()}\n`;
}
