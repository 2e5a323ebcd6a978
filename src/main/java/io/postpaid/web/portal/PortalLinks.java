package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.template.BaseUrl;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.ott.DefaultOneTimeToken;
import org.springframework.security.authentication.ott.GenerateOneTimeTokenRequest;
import org.springframework.security.authentication.ott.OneTimeToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenService;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Links that sign a customer in to the pages of an account, each once. */
@Component
public class PortalLinks implements OneTimeTokenService {
    static final String PATH = "/billing/sign-in/link";
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final BillingClock clock;
    private final String baseUrl;

    PortalLinks(
            JdbcClient jdbc,
            Accounts accounts,
            BillingClock clock,
            BaseUrl base,
            @Value("${POSTPAID_PORT:8080}") String port) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.clock = clock;
        this.baseUrl = base.text().isEmpty() ? "http://127.0.0.1:" + port : base.text();
    }

    /** A link, and until when it can be used. */
    public record Link(String url, Instant expiresAt) {}

    /**
     * Makes a link.
     *
     * @param returnUrl where the pages lead back to, or null
     * @throws IllegalArgumentException if it would be valid for no time, or for more than a week, or leads nowhere
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    @Transactional
    public Link make(String account, Duration valid, @Nullable String returnUrl) {
        if (!valid.isPositive() || valid.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A link is valid for a time of at most a week (P7D), not " + valid);
        }
        if (returnUrl != null && !returnUrl.matches("https?://[\\x21-\\x7e]{1,1000}")) {
            throw new IllegalArgumentException("return_url is an address that begins with https://");
        }
        return link(generate(account, valid, returnUrl, null, false));
    }

    /** Makes a link that opens a page; without one, the first. */
    @Transactional
    public Link makeTo(String account, Duration valid, @Nullable String page) {
        return link(generate(account, valid, null, page, false));
    }

    /** The same for a mail that a visitor has asked for: such links are counted. */
    @Transactional
    Link mail(String account, Duration valid, @Nullable String page) {
        return link(generate(account, valid, null, page, true));
    }

    private Link link(OneTimeToken token) {
        return new Link(url(PATH + "?token=" + token.getTokenValue()), token.getExpiresAt());
    }

    /** The address that a path has outside. */
    public String url(String path) {
        return baseUrl + path;
    }

    @Override
    public OneTimeToken generate(GenerateOneTimeTokenRequest request) {
        return generate(request.getUsername(), request.getExpiresIn(), null, null, false);
    }

    private OneTimeToken generate(
            String account, Duration valid, @Nullable String returnUrl, @Nullable String page, boolean mailed) {
        accounts.living(account);
        var token = token();
        var now = clock.instant();
        jdbc.sql("""
                        insert into portal_link (token_hash, account, return_url, page, mailed, made_at, expires_at)
                        values (:hash, :account, :return_url, :page, :mailed, :now, :expires_at)""")
                .param("hash", hash(token))
                .param("account", account)
                .param("return_url", returnUrl)
                .param("page", page)
                .param("mailed", mailed)
                .param("now", Timestamp.from(now))
                .param("expires_at", Timestamp.from(now.plus(valid)))
                .update();
        return new DefaultOneTimeToken(token, account, now.plus(valid));
    }

    /** Uses a link up. */
    @Override
    public @Nullable OneTimeToken consume(OneTimeTokenAuthenticationToken shown) {
        var token = shown.getTokenValue();
        if (token == null) return null;
        return jdbc.sql("""
                        update portal_link set used_at = :now
                         where token_hash = :hash and used_at is null and :now between made_at and expires_at
                        returning account, expires_at""")
                .param("hash", hash(token))
                .param("now", Timestamp.from(clock.instant()))
                .query((row, i) -> new DefaultOneTimeToken(
                        token,
                        row.getString("account"),
                        row.getTimestamp("expires_at").toInstant()))
                .optional()
                .orElse(null);
    }

    /** How many were mailed to who asked for them on a page, since a moment; what the seller's application makes does not count. */
    int mailedSince(String account, Instant since) {
        return jdbc.sql("select count(*) from portal_link where account = :account and mailed and made_at > :since")
                .param("account", account)
                .param("since", Timestamp.from(since))
                .query(Integer.class)
                .single();
    }

    /** Where the pages lead back to for who came by a link. */
    Optional<String> returnUrl(String token) {
        return jdbc.sql("select return_url from portal_link where token_hash = :hash and return_url is not null")
                .param("hash", hash(token))
                .query(String.class)
                .optional();
    }

    /** The page that was wanted when a link was asked for. */
    Optional<String> page(String token) {
        return jdbc.sql("select page from portal_link where token_hash = :hash and page is not null")
                .param("hash", hash(token))
                .query(String.class)
                .optional();
    }

    /** Makes the links void that are not used yet. */
    void voidAll(String account) {
        jdbc.sql("""
                        update portal_link set used_at = :now
                         where account = :account and used_at is null and :now between made_at and expires_at""")
                .param("account", account)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    /** What a link has that nobody can guess. */
    static String token() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is kept of it. */
    static byte[] hash(String token) {
        return Sha256.digest().digest(token.getBytes(StandardCharsets.UTF_8));
    }
}
