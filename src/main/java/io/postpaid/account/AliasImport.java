package io.postpaid.account;

import io.postpaid.account.AccountFile.Problem;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Brings the aliases of accounts in line with the lines of an import. Accounts whose line has none of that column keep theirs. */
@Component
class AliasImport {
    private static final String WANTED = """
            create temporary table account_alias_wanted on commit drop as
            select l.line, l.id as account, case when position(':' in alias) = 0 then '' else split_part(alias, ':', 1) end as source,
                   substr(alias, position(':' in alias) + 1) as name
              from account_line l
             cross join unnest(l.aliases) alias""";

    /** Aliases of accounts that the import leaves as they are are taken; those of others are free. */
    private static final String PROBLEMS = """
            with taken as not materialized (
                select b.* from account_alias b
                 where not exists (select from account_line l where l.id = b.account and l.aliases is not null))
            select w.line, 'aliases' as place, format('''%s'' is an alias of account ''%s'': remove it there first, or in the same import',
                                                      alias_text(w.source, w.name), t.account) as what
              from account_alias_wanted w
              join taken t using (source, name)
             where t.account <> w.account
             union all
            select line, 'aliases', format('''%s'' is an alias of account ''%s'' in line %s already', alias_text(source, name), owner, first)
              from (select line, account, source, name, first_value(account) over at_first as owner, first_value(line) over at_first as first
                      from account_alias_wanted
                    window at_first as (partition by source, name order by line)) w
             where account <> owner
             union all
            select w.line, 'aliases', format('''%s'' cannot be an alias: ''%s'' is the id of another account', alias_text(w.source, w.name), w.name)
              from (select w.* from account_alias_wanted w join account a on a.id = w.name
                     union
                    select w.* from account_alias_wanted w join account_line l on l.id = w.name) w
             where w.name <> w.account
             union all
            select l.line, 'id', format('''%s'' is an alias of account ''%s'': remove it there first, or in the same import', l.id, min(t.account))
              from account_line l
              join taken t on t.name = l.id
             where t.account <> l.id
             group by l.line, l.id
             order by line
             limit :most""";

    private static final String CHANGE = """
            create temporary table account_alias_change on commit drop as
            select coalesce(w.account, b.account) as account, coalesce(w.source, b.source) as source, coalesce(w.name, b.name) as name,
                   w.account is null as gone
              from account_alias_wanted w
              full join (select b.* from account_alias b join account_line l on l.id = b.account where l.aliases is not null) b
                on b.account = w.account and b.source = w.source and b.name = w.name
             where w.account is null or b.account is null""";

    private final JdbcClient jdbc;

    AliasImport(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is wrong with the aliases among themselves, and beside the ids and aliases of other accounts. */
    List<Problem> problems() {
        jdbc.sql(WANTED).update();
        jdbc.sql("analyze account_alias_wanted").update();
        return jdbc.sql(PROBLEMS)
                .param("most", AccountFile.PROBLEMS_MAX)
                .query((row, i) -> new Problem(row.getLong("line"), row.getString("place"), row.getString("what")))
                .list();
    }

    /** Takes away the aliases that go, before accounts come whose ids they may become; keeps what changes. */
    void remove() {
        jdbc.sql(CHANGE).update();
        jdbc.sql("""
                        delete from account_alias b
                         using account_alias_change c
                         where c.gone and b.source = c.source and b.name = c.name""").update();
    }

    /** Adds those that come, once their accounts are there. */
    void add() {
        jdbc.sql("""
                        insert into account_alias (source, name, account)
                        select source, name, account from account_alias_change where not gone order by account, source, name""").update();
    }

    /**
     * Refuses an id that is an alias.
     *
     * @throws IllegalArgumentException if it is one
     */
    void refuse(String id) {
        jdbc.sql("select account from account_alias where name = :id and account <> :id limit 1")
                .param("id", id)
                .query(String.class)
                .optional()
                .ifPresent(owner -> {
                    throw new IllegalArgumentException(
                            "'" + id + "' is an alias of account '" + owner + "': name it by its id");
                });
    }
}
