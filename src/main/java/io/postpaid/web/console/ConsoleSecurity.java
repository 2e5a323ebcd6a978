package io.postpaid.web.console;

import io.postpaid.platform.template.BaseUrl;
import io.postpaid.web.CsrfCookie;
import io.postpaid.web.WebActor;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.oidc.OidcSignIn;
import io.postpaid.web.portal.Networks;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.web.filter.OncePerRequestFilter;

/** Who may open the console, and which roles may do what on it: the one place that decides it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ConsoleSecurity {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSecurity.class);

    static final String SIGN_IN = "/console/sign-in";
    static final String STYLE = "/console/style.css";
    static final String SCRIPT = "/console/htmx.js";

    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final String[] WATCH = {Role.VIEWER.name(), Role.OPERATOR.name(), Role.APPROVER.name()};
    private static final String[] ACT = {Role.OPERATOR.name(), Role.APPROVER.name()};

    @Bean
    SecurityFilterChain consoleFilters(
            HttpSecurity http,
            ApiKeys keys,
            Console console,
            BaseUrl base,
            OidcSignIn oidc,
            SentOnce once,
            Networks networks,
            @Value("${server.servlet.session.timeout}") Duration idle) {
        // No bean: it would sign in on other pages, too.
        var signIn = new KeySignIn(keys);
        // A browser may be signed in as a customer too: that is another session's matter, and opens nothing here.
        var sessions = new HttpSessionSecurityContextRepository();
        sessions.setSpringSecurityContextKey("CONSOLE");
        oidc.addTo(http, SIGN_IN, new PersonEntry(console));
        return http.securityMatcher("/console", "/console/**")
                .securityContext(context -> context.securityContextRepository(sessions))
                .authorizeHttpRequests(requests -> requests.requestMatchers(SIGN_IN, STYLE, SCRIPT)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET)
                        .hasAnyRole(WATCH)
                        .requestMatchers(HttpMethod.POST, "/console/approvals/**", "/console/close/*/reopen")
                        .hasRole(Role.APPROVER.name())
                        .requestMatchers(HttpMethod.POST)
                        .hasAnyRole(ACT)
                        .anyRequest()
                        .denyAll())
                .authenticationProvider(signIn)
                .formLogin(login -> login.loginPage(SIGN_IN)
                        .usernameParameter("key")
                        .passwordParameter("key")
                        .successHandler((request, response, operator) -> {
                            // The session may have begun on the way to a provider, for minutes only.
                            request.getSession().setMaxInactiveInterval((int) idle.toSeconds());
                            response.sendRedirect(ConsolePath.of(request.getParameter("to")));
                        })
                        .failureHandler((request, response, failure) -> refused(request, response, networks, console)))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(
                                (request, response, failure) -> response.sendRedirect(SIGN_IN + "?to="
                                        + ConsolePath.encoded(
                                                request.getMethod(),
                                                request.getRequestURI(),
                                                request.getQueryString())))
                        .accessDeniedHandler((request, response, denied) -> Pages.write(
                                console.message(
                                        request,
                                        HttpStatus.FORBIDDEN,
                                        "This is not for your role",
                                        "Or the page was open for too long: go back, load it again, and try once more."),
                                response)))
                .logout(out -> out.logoutUrl("/console/sign-out").logoutSuccessUrl(SIGN_IN + "?out"))
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .csrf(csrf -> csrf.csrfTokenRepository(CsrfCookie.of(base)))
                .addFilterBefore(whoActs(signIn, oidc), AuthorizationFilter.class)
                .addFilterAfter(once.filter(), AuthorizationFilter.class)
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .httpStrictTransportSecurity(
                                strict -> strict.requestMatcher(request -> request.isSecure() || base.isSecure())))
                .build();
    }

    /** Nobody guesses 256 bits; but whoever tries all day need not fill the log. */
    private static void refused(
            HttpServletRequest request, HttpServletResponse response, Networks networks, Console console)
            throws IOException {
        if (networks.mayAsk(request.getRemoteAddr())) {
            LOG.info("A key that opens no console was shown from {}", request.getRemoteAddr());
            response.sendRedirect(SIGN_IN + "?refused");
            return;
        }
        Pages.write(
                console.message(
                        request,
                        HttpStatus.TOO_MANY_REQUESTS,
                        "Too many keys",
                        "Many keys were tried from your network. Try again in a few minutes."),
                response);
    }

    /** Says who is signed in, for the audit log; and ends the session of a key that was revoked since, or of a person after a while. */
    private static OncePerRequestFilter whoActs(KeySignIn signIn, OidcSignIn oidc) {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                var operator = request.getUserPrincipal();
                if (operator instanceof Authentication person && !oidc.isGood(person)) {
                    end(request, response, "?ended");
                    return;
                }
                if (operator != null && !signIn.isGood(operator.getName())) {
                    end(request, response, "?refused");
                    return;
                }
                if (operator != null) request.setAttribute(WebActor.WHO, operator.getName());
                chain.doFilter(request, response);
            }

            private static void end(HttpServletRequest request, HttpServletResponse response, String why)
                    throws IOException {
                request.getSession().invalidate();
                SecurityContextHolder.clearContext();
                response.sendRedirect(SIGN_IN + why);
            }
        };
    }
}
