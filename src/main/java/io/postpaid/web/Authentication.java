package io.postpaid.web;

import io.postpaid.account.Accounts;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Caller;
import io.postpaid.web.key.KeyRate;
import io.postpaid.web.key.Role;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Lets a request pass to its call with a key, unless the call is {@link Open}, and tells the call who it is: as a
 * parameter of type {@link Caller} or {@link Acting}. It stands behind the mapping of paths, so that there is no way of
 * writing a path that reaches a call and not this.
 */
@Component
final class Authentication implements HandlerInterceptor, HandlerMethodArgumentResolver {
    private static final String BEARER = "bearer ";

    /** Bounds the memory. */
    private static final int ACCOUNTS_REMEMBERED = 200_000;

    private final ApiKeys keys;
    private final KeyRate rate;
    private final Accounts accounts;
    /** Accounts stay once they are there: an operator's servers name one in each of their calls. */
    private final Set<String> found = ConcurrentHashMap.newKeySet();

    Authentication(ApiKeys keys, KeyRate rate, Accounts accounts) {
        this.keys = keys;
        this.rate = rate;
        this.accounts = accounts;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method && isOpen(method)) return true;
        var caller = shown(request).flatMap(keys::recognise).orElseThrow(() -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            return new HttpRefusal(
                    HttpStatus.UNAUTHORIZED,
                    "UNAUTHENTICATED",
                    "A valid key is needed: send the header 'Authorization: Bearer KEY'");
        });
        rate.refusal(caller.key()).ifPresent(wait -> {
            long seconds = wait.plusMillis(999).toSeconds();
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
            throw new HttpRefusal(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "RATE_LIMITED",
                    "This key calls too often: try again in " + seconds + " s",
                    Map.of("retry_after_seconds", seconds));
        });
        if (handler instanceof HandlerMethod && !mayCall(caller, request)) {
            throw HttpRefusal.forbidden(
                    "This call needs a key with other rights (keys create --may, --role); this one has "
                            + caller.roles().stream().map(Role::name).sorted().collect(Collectors.joining(", ")));
        }
        request.setAttribute(Caller.class.getName(), caller);
        return true;
    }

    /** Asking which methods an address has changes and shows nothing. */
    private static boolean mayCall(Caller caller, HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                || request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern
                        && caller.isOneOf(Rights.of(request.getMethod(), pattern));
    }

    static boolean isOpen(HandlerMethod method) {
        return method.hasMethodAnnotation(Open.class)
                || AnnotatedElementUtils.hasAnnotation(method.getBeanType(), Open.class);
    }

    private static Optional<String> shown(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? Optional.of(header.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return Set.of(Caller.class, Acting.class, Named.class).contains(parameter.getParameterType());
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        if (!(request.getAttribute(Caller.class.getName(), NativeWebRequest.SCOPE_REQUEST) instanceof Caller caller)) {
            throw new IllegalStateException(parameter.getExecutable() + " is open and asks who calls");
        }
        if (parameter.getParameterType() == Caller.class) return caller;
        var named = named(caller, request.getParameter("account"));
        return parameter.getParameterType() == Named.class ? new Named(named) : new Acting(existing(named));
    }

    private static String named(Caller caller, @Nullable String named) {
        var own = caller.account();
        if (own != null) {
            if (named == null || named.equals(own)) return own;
            throw HttpRefusal.forbidden(
                    "This key belongs to one account and cannot act for another: leave out ?account=");
        }
        if (named == null) {
            throw HttpRefusal.invalid("account", "An operator's key acts for an account: add ?account=ID");
        }
        return named;
    }

    private String existing(String named) {
        if (found.contains(named)) return named;
        var id = accounts.find(named)
                .orElseThrow(() -> HttpRefusal.notFound("There is no such account"))
                .id();
        if (found.size() > ACCOUNTS_REMEMBERED) found.clear();
        found.add(id);
        return id;
    }
}
