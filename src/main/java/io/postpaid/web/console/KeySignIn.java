package io.postpaid.web.console;

import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Signs in with an operator's key; those of accounts and of the seller's servers open no console. */
class KeySignIn implements AuthenticationProvider {
    /** What the name of somebody who signed in with a key begins with. */
    static final String KEY = "key ";

    static final Set<Role> ROLES = Set.of(Role.VIEWER, Role.OPERATOR, Role.APPROVER);

    private final ApiKeys keys;

    KeySignIn(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Authentication authenticate(Authentication shown) {
        var caller = keys.recognise(String.valueOf(shown.getCredentials()).strip())
                .filter(key -> key.isOneOf(ROLES))
                .orElseThrow(() -> new BadCredentialsException("no operator's key"));
        return UsernamePasswordAuthenticationToken.authenticated(
                KEY + caller.key(),
                null,
                caller.roles().stream()
                        .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                        .toList());
    }

    @Override
    public boolean supports(Class<?> token) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(token);
    }

    /** Whether who signed in may still be in. */
    boolean isGood(String who) {
        return !who.startsWith(KEY) || keys.isGood(who.substring(KEY.length()));
    }
}
