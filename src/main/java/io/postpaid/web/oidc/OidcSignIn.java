package io.postpaid.web.oidc;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.template.BaseUrl;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2LoginAuthenticationFilter;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/** Adds the sign-in at the provider to the console's filters, where the settings name a provider. */
@Component
@ConditionalOnWebApplication
public class OidcSignIn implements JwtDecoderFactory<ClientRegistration> {
    /** Leads to the provider, by way of a link. */
    public static final String PATH = "/console/oidc";

    private static final String BACK = "/console/oidc/code";
    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);

    /** Who has left the company is out after it. */
    private static final Duration VALID = Duration.ofHours(8);

    private static final String NO_ROLE = "no_role";
    private static final String NAME = "name";
    private static final String UNTIL = "until";
    private static final String SETTINGS = "settings";

    private final OidcSettings settings;
    private final People people;
    private final BillingClock clock;
    private final @Nullable Provider provider;

    OidcSignIn(OidcSettings settings, People people, BillingClock clock, BaseUrl base) {
        this.settings = settings;
        this.people = people;
        this.clock = clock;
        this.provider = settings.isOn() ? new Provider(settings, base, BACK) : null;
    }

    /** @param page where one signs in */
    public void addTo(HttpSecurity http, String page, OidcEntry entry) {
        if (provider == null) return;
        http.oauth2Login(login -> login.loginPage(page)
                .clientRegistrationRepository(provider)
                .authorizedClientRepository(new NoTokens())
                .authorizationEndpoint(begin -> begin.authorizationRequestResolver(new Begin(provider))
                        .authorizationRequestRepository(new PendingSignIns()))
                .redirectionEndpoint(back -> back.baseUri(BACK))
                .tokenEndpoint(tokens -> tokens.accessTokenResponseClient(provider.tokens()))
                .userInfoEndpoint(users -> users.oidcUserService(provider.users()))
                .successHandler((request, response, person) -> {
                    request.getSession().setMaxInactiveInterval((int) VALID.toSeconds());
                    entry.in(request, response, (String) request.getAttribute(PendingSignIns.TO));
                })
                .failureHandler((request, response, failure) -> refuse(entry, request, response, failure))
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2LoginAuthenticationFilter>() {
                    @Override
                    public <O extends OAuth2LoginAuthenticationFilter> O postProcess(O filter) {
                        filter.setAuthenticationResultConverter(OidcSignIn.this::person);
                        return filter;
                    }
                })
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
                        filter.setAuthenticationFailureHandler(
                                (request, response, failure) -> refuse(entry, request, response, failure));
                        return filter;
                    }
                }));
    }

    @Override
    public JwtDecoder createDecoder(ClientRegistration registration) {
        return Objects.requireNonNull(provider).idTokens(registration);
    }

    /** What is kept of a person: nothing that the provider would take for a proof. */
    private OAuth2AuthenticationToken person(OAuth2LoginAuthenticationToken shown) {
        var claims = Objects.requireNonNull(shown.getPrincipal()).getAttributes();
        var name = people.name(settings.issuer(), claims);
        var roles = settings.roles().of(claims).stream()
                .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                .toList();
        if (roles.isEmpty()) {
            LOG.info("{} signed in at {} and has no role: see POSTPAID_OIDC_ROLES", name, settings.host());
            throw new OAuth2AuthenticationException(NO_ROLE);
        }
        var kept = Map.<String, Object>of(NAME, name, UNTIL, clock.instant().plus(VALID), SETTINGS, settings.version());
        return new OAuth2AuthenticationToken(new DefaultOAuth2User(roles, kept, NAME), roles, Provider.ID);
    }

    /** Whether a person may still be in: for a while, and as long as the settings are those of the sign-in. */
    public boolean isGood(Authentication signedIn) {
        if (!(signedIn instanceof OAuth2AuthenticationToken person)) return true;
        Instant until = person.getPrincipal().getAttribute(UNTIL);
        return settings.isOn()
                && settings.version().equals(person.getPrincipal().getAttribute(SETTINGS))
                && until != null
                && clock.instant().isBefore(until);
    }

    private void refuse(
            OidcEntry entry, HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        PendingSignIns.end(request);
        var cause = failure instanceof OAuth2AuthenticationException ? failure : failure.getCause();
        var error = cause instanceof OAuth2AuthenticationException oauth ? oauth.getError() : new OAuth2Error("other");
        var why = switch (error.getErrorCode()) {
            case NO_ROLE -> OidcEntry.Refusal.NO_ROLE;
            case Provider.UNREACHABLE -> OidcEntry.Refusal.UNREACHABLE;
            case OAuth2ErrorCodes.ACCESS_DENIED -> OidcEntry.Refusal.CANCELLED;
            default -> OidcEntry.Refusal.FAILED;
        };
        // The way back can be called by anybody with anything.
        if (why == OidcEntry.Refusal.FAILED) {
            LOG.warn("A sign-in at {} failed: {}", settings.host(), Provider.reason(failure));
        }
        entry.refused(request, response, why);
    }

    /** Asks the provider when somebody follows the link. */
    private record Begin(DefaultOAuth2AuthorizationRequestResolver requests, RequestMatcher link)
            implements OAuth2AuthorizationRequestResolver {
        Begin(Provider provider) {
            this(
                    new DefaultOAuth2AuthorizationRequestResolver(provider, PATH),
                    PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, PATH));
        }

        @Override
        public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
            return link.matches(request) ? requests.resolve(request, Provider.ID) : null;
        }

        @Override
        public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String id) {
            return requests.resolve(request, id);
        }
    }
}
