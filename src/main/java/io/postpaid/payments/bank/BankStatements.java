package io.postpaid.payments.bank;

import io.postpaid.payments.statement.BankStatement;
import io.postpaid.payments.statement.StatementFile;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Imports bank statements, and matches their lines as far as they leave no doubt. */
@Component
public class BankStatements {
    private static final Logger LOG = LoggerFactory.getLogger(BankStatements.class);
    private static final int PAGE = 500;

    private final LineStore store;
    private final LineMatching matching;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    BankStatements(
            LineStore store, LineMatching matching, PlatformTransactionManager transactions, BillingClock clock) {
        this.store = store;
        this.matching = matching;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** A statement of a file; its balances are null where the file does not say them. */
    public record Imported(
            String account,
            String number,
            String currency,
            @Nullable BigDecimal opening,
            @Nullable BigDecimal closing,
            int lines,
            int added) {}

    /**
     * What an import did.
     *
     * @param known whether the file was imported before
     * @param matched how many open lines, of this file or an earlier one, were matched
     * @param open how many wait for a person now
     */
    public record Result(String format, boolean known, List<Imported> statements, int matched, long open) {}

    /** A line, and what it is in the books; {@code kind} and {@code matched} are null while it is open. */
    public record Listed(
            long id,
            LocalDate bookedOn,
            BigDecimal amount,
            String currency,
            String party,
            String text,
            String reference,
            @Nullable String kind,
            @Nullable String matched) {}

    /**
     * Imports a file, all of it or nothing, and then matches what is open.
     *
     * @param mapping how the columns of a CSV file are read
     * @throws io.postpaid.platform.file.RefusedFileException if it cannot be read, or its balances do not follow from its lines
     */
    public Result importFile(Path file, @Nullable Path mapping) {
        var read = StatementFile.read(file, mapping);
        var name = Objects.requireNonNullElse(file.getFileName(), file).toString();
        var statements = Objects.requireNonNull(transaction.execute(status -> insert(read, name)));
        int matched = matchOpen();
        return new Result(
                read.format().name(), statements.isEmpty(), statements.orElse(List.of()), matched, store.open());
    }

    /** @return empty if the file was imported before */
    private Optional<List<Imported>> insert(StatementFile read, String name) {
        if (!store.insertFile(read, name, clock.instant())) return Optional.empty();
        var statements = new ArrayList<Imported>();
        for (var statement : read.statements()) {
            statements.add(imported(statement, store.insert(read.sha256(), statement)));
        }
        return Optional.of(statements);
    }

    private static Imported imported(BankStatement statement, int added) {
        return new Imported(
                statement.account(),
                statement.number(),
                statement.currency(),
                statement.opening(),
                statement.closing(),
                statement.lines().size(),
                added);
    }

    /** What cannot be matched now, such as a transfer for an invoice that is being charged, is tried again by the next night. */
    private int matchOpen() {
        int matched = 0;
        var page = store.open(0, PAGE);
        while (!page.isEmpty()) {
            for (var line : page) {
                try {
                    if (matching.match(line)) matched++;
                } catch (IllegalArgumentException | IllegalStateException e) {
                    LOG.warn("Line {} of a bank statement stays open: {}", line.id(), e.getMessage());
                }
            }
            page = store.open(page.getLast().id(), PAGE);
        }
        return matched;
    }

    Items<BankLine> open(Run run) {
        return Items.each(
                store.todo(),
                line -> Item.of("bank line", Long.toString(line.id()), null),
                line -> Done.of(1, matching.match(line) ? 1 : 0, 0));
    }

    /** The newest first. */
    public List<Listed> list(boolean open, int most) {
        return store.list(open, most);
    }
}
