package io.postpaid.web.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.web.key.Role;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RoleClaimTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "groups: ops=operator | {'groups': 'ops'} | OPERATOR",
                "groups: ops=operator | {'groups': ['x', 'ops', 7, null]} | OPERATOR",
                "groups: ops=operator, all=viewer | {'groups': ['all', 'ops']} | OPERATOR,VIEWER",
                "groups:  ops = operator ,all=viewer | {'groups': 'all'} | VIEWER",
                "groups: ops=operator | {'groups': 'Ops'} |",
                "groups: ops=operator | {'groups': ['opsx']} |",
                "groups: ops=operator | {'groups': ['ops=operator']} |",
                "groups: ops=operator | {'groups': []} |",
                "groups: ops=operator | {'groups': {'ops': 'ops'}} |",
                "groups: ops=operator | {'group': 'ops'} |",
                "groups: ops=operator | {} |",
                "level: 7=approver | {'level': 7} | APPROVER",
                "is_admin: true=approver | {'is_admin': true} | APPROVER",
                "groups: Head of Finance=approver | {'groups': ['Head of Finance']} | APPROVER",
                "groups: \"cn=ops,ou=it\"=operator, x=viewer | {'groups': ['cn=ops,ou=it']} | OPERATOR",
                "realm_access.roles: ops=operator | {'realm_access': {'roles': ['ops']}} | OPERATOR",
                "realm_access.roles: ops=operator | {'realm_access': 'ops'} |",
                "a.b.c.d: ops=operator | {'a': {'b.c': {'d': 'ops'}}} | OPERATOR",
                "https://x.test/roles: ops=operator | {'https://x.test/roles': ['ops']} | OPERATOR",
                "email: a@x.test=operator | {'email': 'a@x.test', 'email_verified': true} | OPERATOR",
                "email: a@x.test=operator | {'email': 'a@x.test', 'email_verified': 'true'} |",
                "email: a@x.test=operator | {'email': 'a@x.test'} |"
            })
    void valuesGiveRoles(String setting, String claims, @Nullable String roles) {
        var read = JsonMapper.shared().readValue(claims.replace('\'', '"'), Map.class);
        @SuppressWarnings("unchecked")
        var given = RoleClaim.parse(setting).of(read);
        assertThat(given)
                .isEqualTo(
                        roles == null
                                ? Set.of()
                                : Arrays.stream(roles.split(","))
                                        .map(Role::valueOf)
                                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groups",
                "groups:",
                "groups: ",
                "ops=operator",
                "groups: ops",
                "groups: ops=",
                "groups: =operator",
                "groups: ops=admin",
                "groups: ops=service",
                "groups: ops=Operator",
                "groups: ops=operator,",
                "groups: ops=operator,,a=viewer",
                "groups: ops=operator; a=viewer",
                "groups: ops=operator a=viewer",
                "groups: ops=aprover, a=viewer",
                "groups: cn=ops=operator",
                "groups: \"ops=operator",
                "groups: ops=operator, ops=viewer"
            })
    void anythingElseStopsTheStart(String setting) {
        assertThatThrownBy(() -> RoleClaim.parse(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("POSTPAID_OIDC_ROLES is '" + setting + "': ")
                .hasMessageContaining("such as groups: finance=approver");
    }

    @Test
    void settingsAreAllOrNone() {
        assertThat(new OidcSettings("", " ", "", "").isOn()).isFalse();
        assertThat(new OidcSettings("https://login.x.test/staff/", "a", "b", "groups: a=viewer").host())
                .isEqualTo("login.x.test");
        assertThat(new OidcSettings("http://127.0.0.1:99", "a", "b", "groups: a=viewer").isOn())
                .isTrue();
        assertThatThrownBy(() -> new OidcSettings("https://login.x.test", "a", "", ""))
                .hasMessage("For signing in with OpenID Connect these must be set, too:"
                        + " POSTPAID_OIDC_CLIENT_SECRET, POSTPAID_OIDC_ROLES");
        assertThatThrownBy(() -> new OidcSettings("", "", "hidden", ""))
                .hasMessageContaining("POSTPAID_OIDC_ISSUER, POSTPAID_OIDC_CLIENT_ID, POSTPAID_OIDC_ROLES")
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login.x.test",
                "http://login.x.test",
                "http://localhost.x.test",
                "https://",
                "https://u:p@login.x.test",
                "https://login.x.test?a=b",
                "https://login.x.test#a",
                "file:///etc/passwd",
                "https://a b"
            })
    void anIssuerIsASafeAddress(String issuer) {
        assertThatThrownBy(() -> new OidcSettings(issuer, "a", "hidden", "groups: a=viewer"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("POSTPAID_OIDC_ISSUER is '")
                .hasMessageNotContaining("hidden");
    }
}
