package io.postpaid.payments.charging;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.ChargeListParams;
import com.stripe.param.PaymentIntentListParams;
import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.Card;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.topup.Resolving;
import io.postpaid.payments.webhook.Events;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.exchange.ExchangeRates;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Accounts with open invoices for October 2026, issued on the first of November. */
public final class World implements AutoCloseable {
    public static final LocalDate OCTOBER = LocalDate.of(2026, 10, 1);
    public static final LocalDate ISSUED = LocalDate.of(2026, 11, 1);

    public final TestApplication application;
    public final Gateway gateway = new Gateway();
    public final JdbcClient jdbc;
    private int numbers;

    public World(Path home, Map<String, String> settings) {
        this(home, settings, true);
    }

    public World(Path home, Map<String, String> settings, boolean writeOffLostDisputes) {
        application = new TestApplication(home, morning(ISSUED), settings, new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return switch (bean) {
                    case PaymentGateway real -> gateway.around(real);
                    case CollectionPolicy policy ->
                        new CollectionPolicy(
                                policy.retryDays(), policy.reminderDay(), policy.suspensionDay(), writeOffLostDisputes);
                    default -> bean;
                };
            }
        });
        jdbc = application.jdbc();
    }

    public static Instant morning(LocalDate day) {
        return day.atTime(8, 0).toInstant(ZoneOffset.UTC);
    }

    Collecting collecting() {
        return application.get(Collecting.class);
    }

    public Cards.Outcome attach(String account) {
        return application.get(Cards.class).attach(account);
    }

    public Payments payments() {
        return application.get(Payments.class);
    }

    public void account(String id, @Nullable String paymentMethod) {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on, payment_method_wanted)
                values (:id, :id, :id || '@customer.example', 'USD', 100, 0, date '2026-01-01', :method)""").param("id", id).param("method", paymentMethod).update();
    }

    public void country(String account, String country) {
        jdbc.sql("update account set country = :country where id = :id")
                .param("country", country)
                .param("id", account)
                .update();
    }

    /** Imports a tax file. */
    public void taxes(String yaml) {
        try {
            var file = Files.createTempFile("taxes", ".yaml");
            application.get(Taxes.class).importFile(Files.writeString(file, yaml));
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the European Central Bank publishes them. */
    public void rates(String csv) {
        try {
            var file = Files.createTempFile("rates", ".csv");
            application.get(ExchangeRates.class).importFile(Files.writeString(file, csv));
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long invoice(String account, String amount) {
        return invoice(account, amount, OCTOBER, ISSUED);
    }

    public long invoice(String account, String amount, LocalDate period, LocalDate issuedOn) {
        return jdbc.sql("""
                insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, subtotal,
                                     credits, tax, total, amount_due)
                select id, :period, currency, 'OPEN', 2026, '2026-' || lpad(:n, 6, '0'),
                       jsonb_build_object('name', name, 'email', email, 'taxId', '', 'card', '', 'address',
                           jsonb_build_object('line1', '', 'line2', '', 'city', '', 'state', '', 'postalCode', '', 'country', '')),
                       :issued, :issued + 7, :amount, 0, 0, :amount, :amount
                  from account where id = :account
                returning id""")
                .param("account", account)
                .param("period", period)
                .param("issued", issuedOn)
                .param("n", Integer.toString(++numbers))
                .param("amount", new BigDecimal(amount))
                .query(Long.class)
                .single();
    }

    /** What the monthly run does for payments, and then the nightly one of each day up to another. */
    public Done charge() {
        Alone.run(application, monthly(), application.get(Cards.class)::wanted);
        return Alone.run(
                application,
                monthly(),
                run -> collecting()
                        .unresolved(application.get(BillingClock.class).today()),
                collecting()::untried);
    }

    public static Run monthly() {
        return new Run("monthly", OCTOBER, 1);
    }

    public Done night(LocalDate day) {
        application.moveTo(morning(day));
        return retry(day);
    }

    public Done retry(LocalDate day) {
        Alone.run(application, new Run("nightly", day, 1), application.get(Cards.class)::wanted);
        return Alone.run(
                application,
                new Run("nightly", day, 1),
                run -> collecting().unresolved(day),
                application.get(WaitingBalances.class)::used,
                collecting()::retryable);
    }

    /** What cancels the intents of invoices that were settled in another way. */
    public void cancelUnneeded() {
        Alone.run(application, monthly(), application.get(UnneededIntents.class)::all);
    }

    /** The name and e-mail address that Stripe has of an account. */
    public String customerAtStripe(String account) {
        try {
            var customer = stripe().v1()
                    .customers()
                    .retrieve(application.get(Accounts.class).get(account).stripeCustomer());
            return customer.getName() + " " + customer.getEmail();
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cancels the intents of an account that are not over, as the seller can in Stripe's dashboard. */
    public void cancelAtStripe(String account) {
        var stripe = stripe();
        try {
            var of = PaymentIntentListParams.builder()
                    .setCustomer(application.get(Accounts.class).get(account).stripeCustomer())
                    .setLimit(100L);
            for (var intent : stripe.v1().paymentIntents().list(of.build()).getData()) {
                if (List.of("succeeded", "canceled").contains(intent.getStatus())) continue;
                stripe.v1().paymentIntents().cancel(intent.getId());
            }
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    private StripeClient stripe() {
        return StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(application.sandbox().stripeBase())
                .build();
    }

    public void useBalances() {
        Alone.run(application, monthly(), application.get(WaitingBalances.class)::used);
    }

    public Done resolveTopUps() {
        return Resolving.topUps(application, new Run("nightly", ISSUED, 1));
    }

    public Done sweep(LocalDate day) {
        return Events.sweep(application, new Run("nightly", day, 1));
    }

    public String status(long invoice) {
        return jdbc.sql("select status from invoice where id = :id")
                .param("id", invoice)
                .query(String.class)
                .single();
    }

    public List<String> attempts(long invoice) {
        return payments().attempts(invoice).stream()
                .map(attempt -> attempt.n() + " " + attempt.status())
                .toList();
    }

    /** Kind and key of what an account was told, in order. */
    public List<String> notices(String account) {
        return jdbc.sql("select kind || ' ' || key from notice where account = :account order by id")
                .param("account", account)
                .query(String.class)
                .list();
    }

    public long settlements(long invoice) {
        return jdbc.sql("select count(*) from settlement where invoice = :id")
                .param("id", invoice)
                .query(Long.class)
                .single();
    }

    /** What Stripe itself says was charged to an account: succeeded and failed charges. */
    public List<String> chargesAtStripe(String account) {
        var customer = application.get(Accounts.class).get(account).stripeCustomer();
        if (customer == null) return List.of();
        try {
            return stripe()
                    .v1()
                    .charges()
                    .list(ChargeListParams.builder()
                            .setCustomer(customer)
                            .setLimit(100L)
                            .build())
                    .getData()
                    .stream()
                    .map(charge -> charge.getStatus() + " " + charge.getAmount())
                    .toList()
                    .reversed();
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        application.close();
    }

    /** The real gateway, with points to die at around each call, and answers that get lost. */
    public final class Gateway implements PaymentGateway {
        private @Nullable PaymentGateway real;
        /** The call whose answer is lost, though it took effect. */
        public @Nullable String loseAnswerOf;
        /** The call that never gets through. */
        public @Nullable String loseCall;

        Gateway around(PaymentGateway real) {
            this.real = real;
            return this;
        }

        private @Nullable String mark;
        private @Nullable String lostBehindMark;

        /** From the first call of one name on, those of another never get through. */
        public void loseCallBehind(String name, String lost) {
            mark = name;
            lostBehindMark = lost;
        }

        private <T> T call(String name, Function<PaymentGateway, T> call) {
            var gateway = java.util.Objects.requireNonNull(real);
            application().crashes.point();
            if (name.equals(loseCall)) throw new NoAnswerException("lost before", new java.io.IOException());
            if (name.equals(mark)) {
                loseCall = lostBehindMark;
                mark = null;
            }
            T answer = call.apply(gateway);
            application().crashes.point();
            if (name.equals(loseAnswerOf)) throw new NoAnswerException("lost behind", new java.io.IOException());
            return answer;
        }

        private TestApplication application() {
            return application;
        }

        @Override
        public String createCustomer(String key, Account account, Map<String, String> metadata) {
            return call("createCustomer", real -> real.createCustomer(key, account, metadata));
        }

        @Override
        public void updateCustomer(String key, String customer, Account account) {
            call("updateCustomer", real -> {
                real.updateCustomer(key, customer, account);
                return customer;
            });
        }

        @Override
        public void deleteCustomer(String key, String customer) {
            call("deleteCustomer", real -> {
                real.deleteCustomer(key, customer);
                return customer;
            });
        }

        @Override
        public Card attach(String key, String customer, String paymentMethod) {
            return call("attach", real -> real.attach(key, customer, paymentMethod));
        }

        @Override
        public void makeDefault(String key, String customer, String paymentMethod) {
            call("makeDefault", real -> {
                real.makeDefault(key, customer, paymentMethod);
                return customer;
            });
        }

        @Override
        public Intent create(String key, NewIntent intent) {
            return call("create", real -> real.create(key, intent));
        }

        @Override
        public Intent changeAmount(String key, String intent, long amountMinor) {
            return call("changeAmount", real -> real.changeAmount(key, intent, amountMinor));
        }

        @Override
        public Intent confirm(String key, String intent, String paymentMethod) {
            return call("confirm", real -> real.confirm(key, intent, paymentMethod));
        }

        @Override
        public Intent confirmWithCustomer(String key, String intent, String paymentMethod, String returnUrl) {
            return call("confirm", real -> real.confirmWithCustomer(key, intent, paymentMethod, returnUrl));
        }

        @Override
        public String setUpCard(String key, String customer, String successUrl, String cancelUrl) {
            return call("setUpCard", real -> real.setUpCard(key, customer, successUrl, cancelUrl));
        }

        @Override
        public Intent cancel(String key, String intent) {
            return call("cancel", real -> real.cancel(key, intent));
        }

        @Override
        public Intent get(String intent) {
            return call("get", real -> real.get(intent));
        }

        @Override
        public Optional<Intent> find(String customer, Map<String, String> metadata) {
            return call("find", real -> real.find(customer, metadata));
        }

        @Override
        public String name() {
            return java.util.Objects.requireNonNull(real).name();
        }
    }
}
