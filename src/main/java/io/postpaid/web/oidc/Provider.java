package io.postpaid.web.oidc;

import io.postpaid.platform.template.BaseUrl;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The provider as it describes itself. It is asked when the first person signs in, and again until it answers, so that the
 * application starts without it.
 */
final class Provider implements ClientRegistrationRepository {
    static final String ID = "provider";

    /** The error of a sign-in that fails because the provider does not answer. */
    static final String UNREACHABLE = "unreachable";

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final int REASON_MAX = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ParameterizedTypeReference<Map<String, Object>> OBJECT = new ParameterizedTypeReference<>() {};

    private final OidcSettings settings;
    private final String redirect;
    private final JdkClientHttpRequestFactory requests;
    private final RestTemplate http;
    private volatile @Nullable ClientRegistration known;

    /** @param back where the provider sends people back to, a path */
    Provider(OidcSettings settings, BaseUrl base, String back) {
        this.settings = settings;
        this.redirect = base.text().isEmpty() ? "{baseUrl}" + back : base.to(back);
        this.requests = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(PATIENCE).build());
        requests.setReadTimeout(PATIENCE);
        this.http = new RestTemplate(requests);
        http.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
    }

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        if (!id.equals(ID)) return null;
        var found = known;
        if (found == null) known = found = ask();
        return found;
    }

    private ClientRegistration ask() {
        try {
            var address = UriComponentsBuilder.fromUriString(settings.issuer())
                    .path("/.well-known/openid-configuration")
                    .build()
                    .toUri();
            var described = Objects.requireNonNull(
                    http.exchange(address, HttpMethod.GET, null, OBJECT).getBody());
            if (!settings.issuer().equals(described.get("issuer"))) {
                throw new IllegalStateException("it calls itself " + described.get("issuer"));
            }
            return ClientRegistrations.fromOidcConfiguration(described)
                    .registrationId(ID)
                    .clientId(settings.clientId())
                    .clientSecret(settings.clientSecret())
                    .clientSettings(ClientRegistration.ClientSettings.builder()
                            .requireProofKey(true)
                            .build())
                    .redirectUri(redirect)
                    .scope(scopes(described))
                    .build();
        } catch (RuntimeException failure) {
            LOG.warn("Nobody can sign in at {} now: {}", settings.issuer(), reason(failure));
            throw new OAuth2AuthenticationException(new OAuth2Error(UNREACHABLE), failure);
        }
    }

    /** What went wrong, for the log: in one line, whatever others have written into it. */
    static String reason(Throwable failure) {
        var text = NestedExceptionUtils.getMostSpecificCause(failure).toString().replaceAll("[^ -~]", "?");
        return text.substring(0, Math.min(text.length(), REASON_MAX));
    }

    /** Some providers send groups only to who asks for them, and others refuse a scope that they do not know. */
    private static List<String> scopes(Map<String, Object> described) {
        var groups = described.get("scopes_supported") instanceof Collection<?> known && known.contains("groups");
        return groups ? List.of("openid", "profile", "email", "groups") : List.of("openid", "profile", "email");
    }

    RestClientAuthorizationCodeTokenResponseClient tokens() {
        var tokens = new RestClientAuthorizationCodeTokenResponseClient();
        tokens.setRestClient(RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return tokens;
    }

    OidcUserService users() {
        var claims = new DefaultOAuth2UserService();
        claims.setRestOperations(http);
        var users = new OidcUserService();
        users.setOauth2UserService(claims);
        return users;
    }

    /** Reads ID tokens that the provider has signed for us; whichever of its keys it signs with. */
    JwtDecoder idTokens(ClientRegistration provider) {
        var decoder = NimbusJwtDecoder.withJwkSetUri(
                        Objects.requireNonNull(provider.getProviderDetails().getJwkSetUri()))
                .restOperations(http)
                .jwsAlgorithms(all -> all.addAll(List.of(SignatureAlgorithm.values())))
                .build();
        decoder.setClaimSetConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverter());
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(new JwtTimestampValidator(), new OidcIdTokenValidator(provider)));
        return decoder;
    }
}
