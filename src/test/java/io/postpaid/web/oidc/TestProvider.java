package io.postpaid.web.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/** A company's provider of OpenID Connect, at an address of its own, whose people are made up by the test. */
public final class TestProvider implements AutoCloseable {
    static final String CLIENT = "postpaid-console";
    static final String SECRET = "a+secret/that=nobody&sees";
    static final String PASSWORD = "p";

    /** How an ID token is made, if not as it should be. */
    enum Forgery {
        UNSIGNED,
        OTHER_KEY
    }

    private final String host;
    private final int port = freePort();
    private final Map<String, Map<String, Object>> people = new ConcurrentHashMap<>();
    private String redirect = "";
    private @Nullable AnnotationConfigServletWebServerApplicationContext context;
    private Consumer<Map<String, Object>> change = claims -> {};
    private @Nullable Forgery forgery;

    /** @param host a name of this machine */
    public TestProvider(String host) {
        this.host = host;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String issuer() {
        return "http://" + host + ":" + port;
    }

    /** @param redirect where people may be sent back to */
    public TestProvider start(String redirect) {
        this.redirect = redirect;
        context = new AnnotationConfigServletWebServerApplicationContext();
        context.registerBean(TestProvider.class, () -> this);
        context.register(Server.class);
        context.refresh();
        return this;
    }

    /** Who can sign in there, and what is said of them; whoever had this subject before is another. */
    public void person(String subject, Map<String, Object> claims) {
        people.put(subject, claims);
    }

    /** What the next ID tokens say beside, or in place of, the truth. */
    void lies(Consumer<Map<String, Object>> change) {
        this.change = change;
    }

    void forges(@Nullable Forgery how) {
        this.forgery = how;
    }

    /** The address that the provider sends this person's browser back to, from the one that it was sent to. */
    static String answer(Browser browser, String address, String subject) {
        var here = URI.create(address);
        var page = browser.visit(address);
        if (page.location().endsWith("/login")) {
            var typed = "username=" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "&password=" + PASSWORD;
            page = browser.visit(here.resolve(page.location()).toString(), typed);
            page = browser.visit(here.resolve(page.location()).toString());
        }
        if (!page.location().startsWith("http"))
            throw new AssertionError(page.status() + page.location() + page.text());
        return page.location();
    }

    @Override
    public void close() {
        if (context != null) context.close();
    }

    /** Not marked as a configuration: the application itself would find it. */
    @EnableWebSecurity
    static class Server {
        @Bean
        TomcatServletWebServerFactory server(TestProvider provider) {
            var tomcat = new TomcatServletWebServerFactory(provider.port);
            // All is answered by filters, which only stand before a servlet.
            tomcat.setRegisterDefaultServlet(true);
            return tomcat;
        }

        @Bean
        @Order(1)
        SecurityFilterChain endpoints(HttpSecurity http) {
            var server = new OAuth2AuthorizationServerConfigurer();
            return http.securityMatcher(server.getEndpointsMatcher())
                    .with(
                            server,
                            all -> all.oidc(oidc -> oidc.providerConfigurationEndpoint(endpoint ->
                                    endpoint.providerConfigurationCustomizer(described -> described.scope("groups")))))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .oauth2ResourceServer(resource -> resource.jwt(Customizer.withDefaults()))
                    .exceptionHandling(failures ->
                            failures.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain form(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        @Bean
        RegisteredClientRepository clients(TestProvider provider) {
            return new InMemoryRegisteredClientRepository(RegisteredClient.withId("1")
                    .clientId(CLIENT)
                    .clientSecret("{noop}" + SECRET)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .redirectUri(provider.redirect)
                    .scope("openid")
                    .scope("profile")
                    .scope("email")
                    .scope("groups")
                    .build());
        }

        @Bean
        AuthorizationServerSettings addresses(TestProvider provider) {
            return AuthorizationServerSettings.builder()
                    .issuer(provider.issuer())
                    .build();
        }

        @Bean
        UserDetailsService users(TestProvider provider) {
            return subject -> User.withUsername(subject)
                    .password("{noop}" + PASSWORD)
                    .disabled(!provider.people.containsKey(subject))
                    .build();
        }

        @Bean
        RSAKey key() throws JOSEException {
            return new RSAKeyGenerator(2048).keyID("1").generate();
        }

        @Bean
        JWKSource<SecurityContext> keys(RSAKey key) {
            return new ImmutableJWKSet<>(new JWKSet(key));
        }

        @Bean
        JwtDecoder decoder(RSAKey key) throws JOSEException {
            return NimbusJwtDecoder.withPublicKey(key.toRSAPublicKey()).build();
        }

        @Bean
        JwtEncoder encoder(TestProvider provider, JWKSource<SecurityContext> keys, RSAKey key) throws JOSEException {
            var honest = new NimbusJwtEncoder(keys);
            var other = new NimbusJwtEncoder(new ImmutableJWKSet<>(
                    new JWKSet(new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate())));
            return asked -> {
                var how = asked.getClaims().hasClaim("nonce") ? provider.forgery : null;
                var jwt = (how == Forgery.OTHER_KEY ? other : honest).encode(asked);
                return how == Forgery.UNSIGNED ? unsigned(jwt) : jwt;
            };
        }

        private static Jwt unsigned(Jwt jwt) {
            try {
                var claims = JWTClaimsSet.parse(new String(
                        Base64.getUrlDecoder().decode(jwt.getTokenValue().split("\\.")[1]), StandardCharsets.UTF_8));
                return new Jwt(
                        new PlainJWT(claims).serialize(),
                        jwt.getIssuedAt(),
                        jwt.getExpiresAt(),
                        Map.of("alg", "none"),
                        jwt.getClaims());
            } catch (ParseException e) {
                throw new IllegalStateException(e);
            }
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> claims(TestProvider provider) {
            return token -> {
                if (!token.getTokenType().getValue().equals(OidcParameterNames.ID_TOKEN)) return;
                var known = provider.people.get(Objects.requireNonNull(token.<Authentication>getPrincipal())
                        .getName());
                token.getClaims().claims(claims -> {
                    claims.putAll(Objects.requireNonNull(known));
                    provider.change.accept(claims);
                });
            };
        }
    }
}
