package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.platform.template.BaseUrl;
import io.postpaid.web.CsrfCookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/** Who may see the pages: whoever a link has signed in, for one account. The calls of the API are let through with keys. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class PortalSecurity {
    static final String RETURN_URL = "return_url";
    private static final String SIGN_IN = "/billing/sign-in";

    /** @param ancestors who may show the pages in a frame, as a content security policy names it */
    @Bean
    SecurityFilterChain portalFilters(
            HttpSecurity http,
            PortalLinks links,
            PageRate rate,
            BaseUrl base,
            @Value("${POSTPAID_FRAME_ANCESTORS:'none'}") String ancestors,
            @Value("${server.servlet.session.timeout}") Duration idle) {
        var policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
                + " frame-ancestors " + ancestors;
        return http.securityMatcher("/billing", "/billing/**")
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                SIGN_IN, SIGN_IN + "/**", AddressChanges.PATH, SignIn.STYLE)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oneTimeTokenLogin(login -> login.tokenService(links)
                        .loginPage(SIGN_IN)
                        .loginProcessingUrl(PortalLinks.PATH)
                        .showDefaultSubmitPage(false)
                        .authenticationSuccessHandler(signedIn(links, idle))
                        .authenticationFailureHandler((request, response, failure) ->
                                response.sendRedirect(SIGN_IN + "?used" + wanted("&to=", usedUp(links, request))))
                        // Links are mailed by the page itself, which knows accounts by their address.
                        .generateRequestResolver(request -> null)
                        .tokenGenerationSuccessHandler((request, response, token) -> response.sendRedirect(SIGN_IN)))
                .exceptionHandling(failures -> failures.authenticationEntryPoint((request, response, failure) ->
                        response.sendRedirect(SIGN_IN + wanted("?to=", asked(request)))))
                .logout(out -> out.logoutUrl("/billing/sign-out").logoutSuccessUrl(SIGN_IN + "?out"))
                // The page that was wanted is in the link, which may be opened in another browser. So no visitor makes
                // a session.
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .csrf(csrf -> csrf.csrfTokenRepository(CsrfCookie.of(base)))
                .addFilterAfter(rate.filter(), AuthorizationFilter.class)
                .headers(headers -> headers.frameOptions(frame -> frame.disable())
                        .contentSecurityPolicy(csp -> csp.policyDirectives(policy))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .httpStrictTransportSecurity(
                                strict -> strict.requestMatcher(request -> request.isSecure() || base.isSecure())))
                .build();
    }

    private static AuthenticationSuccessHandler signedIn(PortalLinks links, Duration idle) {
        return (request, response, authentication) -> {
            // The session may be there already, and end sooner.
            request.getSession().setMaxInactiveInterval((int) idle.toSeconds());
            links.returnUrl(request.getParameter("token"))
                    .ifPresent(url -> request.getSession().setAttribute(RETURN_URL, url));
            response.sendRedirect(links.page(request.getParameter("token")).orElse("/billing"));
        };
    }

    /** The page that was asked for without being signed in. */
    private static @Nullable String asked(HttpServletRequest request) {
        if (!request.getMethod().equals("GET")) return null;
        var query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    /** The page that a link led to which signs nobody in any more. */
    private static @Nullable String usedUp(PortalLinks links, HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter("token"))
                .flatMap(links::page)
                .orElse(null);
    }

    private static String wanted(String parameter, @Nullable String page) {
        return PagePath.of(page)
                .filter(path -> !path.equals("/billing"))
                .map(path -> parameter + URLEncoder.encode(path, StandardCharsets.UTF_8))
                .orElse("");
    }

    @Bean
    CookieSerializer sessionCookie(BaseUrl base) {
        var cookie = new DefaultCookieSerializer();
        if (base.isSecure()) cookie.setUseSecureCookie(true);
        return cookie;
    }

    /** An account is its own user, without a password. */
    @Bean
    UserDetailsService customers(Accounts accounts) {
        return id -> accounts.find(id)
                .map(account -> new User(id, "", List.of(new SimpleGrantedAuthority("CUSTOMER"))))
                .orElseThrow(() -> new UsernameNotFoundException("no such account"));
    }
}
