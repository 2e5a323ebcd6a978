package io.postpaid.web.console;

import io.postpaid.platform.audit.AuditLog;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Every change with who, when, from where and why; the newest first. */
@ConsolePages
class AuditPages {
    private static final int PAGE = 50;

    private final Console console;
    private final AuditLog audit;

    AuditPages(Console console, AuditLog audit) {
        this.console = console;
        this.audit = audit;
    }

    @GetMapping("/console/audit")
    ResponseEntity<String> list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before,
            @RequestParam(defaultValue = "") String account) {
        var found = audit.before(before, account.isEmpty() ? null : account, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("changes", found.stream().limit(PAGE).map(AuditRows::row).toList());
        view.put("account", account);
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        return console.page(request, "audit", "audit", view);
    }
}
