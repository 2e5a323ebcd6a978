package io.postpaid.pricing.calculation;

import static java.util.stream.Collectors.toMap;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Stripe Tax answered. */
@Component
class CalculationStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    CalculationStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param answer null where Stripe refused the question */
    record Kept(
            long id, String account, String hash, @Nullable JsonNode answer, String refusal) {}

    void insert(TaxQuestion question, @Nullable JsonNode answer, String refusal, Instant at) {
        jdbc.sql("""
                        insert into stripe_tax_calculation (account, day, hash, calculation, answer, refusal, at)
                        values (:account, :day, :hash, :calculation, :answer::jsonb, :refusal, :at)
                            on conflict (calculation) do nothing""")
                .param("account", question.account())
                .param("day", question.day())
                .param("hash", question.hash())
                .param("calculation", answer == null ? null : answer.path("id").asString())
                .param("answer", answer == null ? null : answer.toString())
                .param("refusal", refusal)
                .param("at", Timestamp.from(at))
                .update();
    }

    /** The last answer to each question about these accounts, by its hash. */
    Map<String, Kept> ofAccounts(Collection<String> accounts) {
        return jdbc
                .sql("""
                        select distinct on (account, hash) id, account, hash, answer::text as answer, refusal
                          from stripe_tax_calculation
                         where account = any(:accounts)
                         order by account, hash, id desc""")
                .param("accounts", accounts.toArray(String[]::new))
                .query((row, i) -> {
                    var answer = row.getString("answer");
                    return new Kept(
                            row.getLong("id"),
                            row.getString("account"),
                            row.getString("hash"),
                            answer == null ? null : JSON.readTree(answer),
                            row.getString("refusal"));
                })
                .list()
                .stream()
                .collect(toMap(Kept::hash, kept -> kept));
    }
}
