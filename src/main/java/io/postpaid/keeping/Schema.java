package io.postpaid.keeping;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.core.Utils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What the database consists of, as one transaction sees it, and what changes it as a whole. */
final class Schema {
    /** Who was signed in is not kept: he need not be welcome when it is restored. */
    private static final String TABLES = """
            select c.relname as name, pg_total_relation_size(c.oid) as bytes,
                   array(select attname::text from pg_attribute
                          where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = ''
                          order by attnum) as columns
              from pg_class c
             where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
               and c.relname not in ('flyway_schema_history', 'spring_session', 'spring_session_attributes')
             order by c.relname""";

    private final JdbcClient jdbc;

    Schema(Connection session) {
        this.jdbc = JdbcClient.create(new SingleConnectionDataSource(session, true));
    }

    /** A table, or a partition, that has rows of its own. */
    record Rows(String name, long bytes, List<String> columns) {
        /** @param direction such as {@code to stdout} */
        String copy(String direction) {
            return "copy " + quoted(name) + " ("
                    + columns.stream().map(Schema::quoted).collect(Collectors.joining(", ")) + ") " + direction;
        }
    }

    /** A foreign key, or a trigger that is at work, with what makes it. */
    record Part(String of, String name, String definition) {}

    static String quoted(String name) {
        try {
            return Utils.escapeIdentifier(null, name).toString();
        } catch (SQLException e) {
            throw new IllegalArgumentException("No name of a table or column: " + name, e);
        }
    }

    void waitLong() {
        jdbc.sql("set local idle_in_transaction_session_timeout = 0").update();
    }

    String exportSnapshot() {
        return jdbc.sql("select pg_export_snapshot()").query(String.class).single();
    }

    /** First of all in a transaction. */
    void importSnapshot(String snapshot) {
        if (!snapshot.matches("[0-9A-F-]+")) throw new IllegalArgumentException(snapshot);
        jdbc.sql("set transaction snapshot '" + snapshot + "'").update();
    }

    List<Rows> tables() {
        return jdbc.sql(TABLES)
                .query((row, i) -> new Rows(row.getString("name"), row.getLong("bytes"), strings(row, "columns")))
                .list();
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    String version() {
        return jdbc.sql("select version from flyway_schema_history where success order by installed_rank desc limit 1")
                .query(String.class)
                .single();
    }

    Map<String, Integer> migrations() {
        var checksums = new LinkedHashMap<String, Integer>();
        jdbc.sql(
                        "select version, checksum from flyway_schema_history where success and version is not null order by version")
                .query(row -> {
                    checksums.put(row.getString("version"), row.getInt("checksum"));
                });
        return checksums;
    }

    Map<String, Long> sequences() {
        var values = new TreeMap<String, Long>();
        jdbc.sql(
                        "select sequencename, last_value from pg_sequences where schemaname = current_schema() and last_value is not null")
                .query(row -> {
                    values.put(row.getString("sequencename"), row.getLong("last_value"));
                });
        return values;
    }

    void advance(String sequence, long to) {
        jdbc.sql("select setval(cast(:sequence as regclass), :value)")
                .param("sequence", quoted(sequence))
                .param("value", to)
                .query(Long.class)
                .single();
    }

    /** What is not of the migrations alone: something was done with this database. */
    boolean used() {
        return jdbc.sql("""
                        select exists (select from account) or exists (select from audit_entry)
                            or exists (select from batch_job_instance) or exists (select from restored)""").query(Boolean.class).single();
    }

    /** The month of a partition that is not there yet; one that is stays. */
    void makeMonth(String month) {
        jdbc.sql("select usage_record_month(to_date(:month, 'YYYY_MM'))")
                .param("month", month)
                .query(row -> {});
    }

    void empty(List<Rows> tables) {
        jdbc.sql("truncate "
                        + tables.stream().map(Rows::name).map(Schema::quoted).collect(Collectors.joining(", "))
                        + " cascade")
                .update();
    }

    List<Part> foreignKeys() {
        return jdbc.sql("""
                        select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as definition
                          from pg_constraint
                         where contype = 'f' and connamespace = current_schema()::regnamespace and conparentid = 0
                         order by conrelid, conname""").query(Part.class).list();
    }

    void drop(Part foreignKey) {
        jdbc.sql("alter table " + foreignKey.of + " drop constraint " + quoted(foreignKey.name))
                .update();
    }

    /** Every row is checked. */
    void add(Part foreignKey) {
        jdbc.sql("alter table " + foreignKey.of + " add constraint " + quoted(foreignKey.name) + " "
                        + foreignKey.definition)
                .update();
    }

    /** What triggers would write is in the backup. */
    void triggers(List<Rows> tables, boolean on) {
        for (var table : tables) {
            jdbc.sql("alter table " + quoted(table.name) + (on ? " enable" : " disable") + " trigger user")
                    .update();
        }
    }
}
