package io.postpaid.payments.bank;

import io.postpaid.payments.bank.BankStatements.Listed;
import io.postpaid.payments.statement.BankStatement;
import io.postpaid.payments.statement.StatementFile;
import io.postpaid.payments.statement.StatementLine;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.file.Sha256;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Statements and their lines. */
@Component
class LineStore {
    static final String COLUMNS = """
            l.id, l.account, l.booking, l.booked_on, l.valued_on, l.amount, l.currency, l.party, l.text, l.reference, l.bank_reference,
            l.charge""";
    private static final String OPEN = "select " + COLUMNS + """
             from bank_line l
            where not exists (select from bank_match b where b.line = l.id)""";

    private final JdbcClient jdbc;

    LineStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return whether it was not imported before */
    boolean insertFile(StatementFile file, String name, Instant at) {
        return jdbc.sql("""
                        insert into bank_file (sha256, name, format, imported_at) values (:sha256, :name, :format, :at)
                            on conflict (sha256) do nothing""")
                        .param("sha256", file.sha256())
                        .param("name", name)
                        .param("format", file.format().name())
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    /** @return how many of its lines are new */
    int insert(String file, BankStatement statement) {
        var lines = statement.lines();
        var identities = identities(statement);
        var days = lines.stream().map(StatementLine::bookedOn).sorted().toList();
        long id = jdbc.sql("""
                        insert into bank_statement (file, account, number, currency, opening, closing, first_on, last_on)
                        values (:file, :account, :number, :currency, :opening, :closing, :first, :last)
                        returning id""")
                .param("file", file)
                .param("account", statement.account())
                .param("number", statement.number())
                .param("currency", statement.currency())
                .param("opening", statement.opening())
                .param("closing", statement.closing())
                .param("first", days.isEmpty() ? null : days.getFirst())
                .param("last", days.isEmpty() ? null : days.getLast())
                .query(Long.class)
                .single();
        // The bank's own reference is what a person would have called the money. It is not always told once.
        return jdbc.sql("""
                        insert into bank_line (statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text,
                                               reference, bank_reference, charge)
                        select :statement, n.identity,
                               case when n.bank_reference <> '' and n.nth = 1
                                         and not exists (select from bank_line o where o.booking = n.bank_reference)
                                    then n.bank_reference else 'BANK-' || left(n.identity, 20) end,
                               :account, n.booked_on, n.valued_on, n.amount, :currency, n.party, n.text, n.reference, n.bank_reference, n.charge
                          from (select *, row_number() over (partition by bank_reference order by place) as nth
                                  from unnest(:identity::text[], :booked::date[], :valued::date[], :amount::numeric[], :party::text[], :text::text[],
                                              :reference::text[], :bank_reference::text[], :charge::boolean[])
                                           with ordinality
                                       as given (identity, booked_on, valued_on, amount, party, text, reference, bank_reference, charge, place)
                                 where not exists (select from bank_line o where o.identity = given.identity)) n
                         order by n.place
                            on conflict (identity) do nothing""")
                .param("statement", id)
                .param("account", statement.account())
                .param("currency", statement.currency())
                .param("identity", identities.toArray(String[]::new))
                .param("booked", Column.of(lines, StatementLine::bookedOn))
                .param("valued", Column.of(lines, StatementLine::valuedOn))
                .param("amount", Column.of(lines, StatementLine::amount))
                .param("party", Column.of(lines, StatementLine::party))
                .param("text", Column.of(lines, StatementLine::text))
                .param("reference", Column.of(lines, StatementLine::reference))
                .param("bank_reference", Column.of(lines, StatementLine::bankReference))
                .param("charge", Column.of(lines, StatementLine::charge))
                .update();
    }

    /**
     * What tells each line from every other: the bank's own reference or all that the line says, and the balance behind it, so that
     * two equal transfers of a day are two; without a balance, how many equal ones stand before it.
     */
    private static List<String> identities(BankStatement statement) {
        var identities = new ArrayList<String>();
        var equals = new HashMap<String, Integer>();
        var balance = statement.opening();
        for (var line : statement.lines()) {
            if (balance != null) balance = balance.add(line.amount());
            var said = line.bankReference().isEmpty()
                    ? line.reference() + "\n" + line.party() + "\n" + line.text()
                    : line.bankReference();
            var identity = String.join(
                    "\n",
                    statement.account(),
                    statement.currency(),
                    line.bookedOn().toString(),
                    plain(line.amount()),
                    said);
            boolean byBalance = line.bankReference().isEmpty() && balance != null;
            int before = equals.merge(identity, 1, Integer::sum);
            var which = byBalance ? "=" + plain(balance) : "#" + before;
            identities.add(Sha256.of((identity + "\n" + which).getBytes(StandardCharsets.UTF_8)));
        }
        return identities;
    }

    private static String plain(@Nullable BigDecimal amount) {
        return amount == null
                ? ""
                : amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    Todo<BankLine> todo() {
        return Todo.of(BankLine.class, OPEN).inOrder();
    }

    /** A page of open lines, those that came first. */
    List<BankLine> open(long behind, int most) {
        return jdbc.sql(OPEN + " and l.id > :behind order by l.id limit :most")
                .param("behind", behind)
                .param("most", most)
                .query(BankLine.class)
                .list();
    }

    Optional<BankLine> find(long id) {
        return jdbc.sql("select " + COLUMNS + " from bank_line l where l.id = :id")
                .param("id", id)
                .query(BankLine.class)
                .optional();
    }

    /** The newest first. */
    List<Listed> list(boolean open, int most) {
        return jdbc.sql("""
                        select l.id, l.booked_on, l.amount, l.currency, l.party, l.text, l.reference, b.kind, b.reference as matched
                          from bank_line l
                          left join bank_match b on b.line = l.id
                         where not :open or b.line is null
                         order by l.booked_on desc, l.id desc
                         limit :most""")
                .param("open", open)
                .param("most", most)
                .query(Listed.class)
                .list();
    }

    long open() {
        return jdbc.sql(
                        "select count(*) from bank_line l where not exists (select from bank_match b where b.line = l.id)")
                .query(Long.class)
                .single();
    }
}
