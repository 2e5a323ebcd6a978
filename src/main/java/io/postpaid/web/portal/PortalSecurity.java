package io.postpaid.web.portal;

import static org.springframework.security.config.Customizer.withDefaults;

import io.postpaid.account.Accounts;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;

/** Who may see the pages: whoever a link has signed in, for one account. The calls of the API are let through with keys. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class PortalSecurity {
    static final String RETURN_URL = "return_url";
    private static final String SIGN_IN = "/billing/sign-in";

    /** @param ancestors who may show the pages in a frame, as a content security policy names it */
    @Bean
    SecurityFilterChain portalFilters(
            HttpSecurity http, PortalLinks links, @Value("${POSTPAID_FRAME_ANCESTORS:'none'}") String ancestors) {
        var policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
                + " frame-ancestors " + ancestors;
        return http.securityMatcher("/billing", "/billing/**")
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                SIGN_IN, SIGN_IN + "/**", AddressChanges.PATH, "/billing/style.css")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oneTimeTokenLogin(login -> login.tokenService(links)
                        .loginPage(SIGN_IN)
                        .loginProcessingUrl(PortalLinks.PATH)
                        .showDefaultSubmitPage(false)
                        .authenticationSuccessHandler(signedIn(links))
                        .failureUrl(SIGN_IN + "?used")
                        // Links are mailed by the page itself, which knows accounts by their address.
                        .generateRequestResolver(request -> null)
                        .tokenGenerationSuccessHandler((request, response, token) -> response.sendRedirect(SIGN_IN)))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(
                        (request, response, failure) -> response.sendRedirect(SIGN_IN + wanted(request))))
                .logout(out -> out.logoutUrl("/billing/sign-out").logoutSuccessUrl(SIGN_IN + "?out"))
                // The page that was wanted is in the link, which may be opened in another browser. So no visitor makes
                // a session.
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .csrf(csrf -> csrf.csrfTokenRepository(new CookieCsrfTokenRepository()))
                .headers(headers -> headers.frameOptions(frame -> frame.disable())
                        .contentSecurityPolicy(csp -> csp.policyDirectives(policy))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .httpStrictTransportSecurity(withDefaults()))
                .build();
    }

    private static AuthenticationSuccessHandler signedIn(PortalLinks links) {
        return (request, response, authentication) -> {
            links.returnUrl(request.getParameter("token"))
                    .ifPresent(url -> request.getSession().setAttribute(RETURN_URL, url));
            response.sendRedirect(links.page(request.getParameter("token")).orElse("/billing"));
        };
    }

    private static String wanted(HttpServletRequest request) {
        var query = request.getQueryString();
        return PagePath.of(query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query)
                .filter(page -> request.getMethod().equals("GET") && !page.equals("/billing"))
                .map(page -> "?to=" + URLEncoder.encode(page, StandardCharsets.UTF_8))
                .orElse("");
    }

    /** An account is its own user, without a password. */
    @Bean
    UserDetailsService customers(Accounts accounts) {
        return id -> accounts.find(id)
                .map(account -> new User(id, "", List.of(new SimpleGrantedAuthority("CUSTOMER"))))
                .orElseThrow(() -> new UsernameNotFoundException("no such account"));
    }
}
