-- How many rows of each catalog this session has written, in their order, and its transaction.
SELECT pg_catalog.string_agg(
         (pg_catalog.pg_stat_get_xact_tuples_inserted(c)
           + pg_catalog.pg_stat_get_xact_tuples_updated(c)
           + pg_catalog.pg_stat_get_xact_tuples_deleted(c))::text, ' ') AS counts,
       pg_catalog.pg_current_xact_id_if_assigned()::text AS transaction,
       pg_catalog.current_setting('track_counts') AS counted
FROM pg_catalog.unnest('$catalogs'::pg_catalog.regclass[]) c
