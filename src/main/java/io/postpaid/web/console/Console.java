package io.postpaid.web.console;

import io.postpaid.payments.approval.Approval;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Draws {@code templates/web/console/<name>.html} with what all pages of the console share. */
@Component
@ConditionalOnWebApplication
class Console {
    /** What the head of a page leads to. */
    private static final List<String> TABS = List.of(
            "overview",
            "runs",
            "quarantine",
            "accounts",
            "invoices",
            "prices",
            "taxes",
            "events",
            "books",
            "close",
            "audit");

    private final Pages pages;

    Console(Pages pages) {
        this.pages = pages;
    }

    /** @param tab which of the pages in the head it belongs to */
    ResponseEntity<String> page(HttpServletRequest request, String tab, String name, Map<String, ?> view) {
        return page(request, HttpStatus.OK, tab, name, view);
    }

    ResponseEntity<String> page(
            HttpServletRequest request, HttpStatus status, String tab, String name, Map<String, ?> view) {
        var all = new HashMap<String, @Nullable Object>();
        var operator = request.getUserPrincipal();
        all.put("who", operator == null ? "" : operator.getName());
        all.put("acts", request.isUserInRole(Role.OPERATOR.name()) || request.isUserInRole(Role.APPROVER.name()));
        all.put("approves", request.isUserInRole(Role.APPROVER.name()));
        TABS.forEach(each -> all.put("at_" + each, each.equals(tab)));
        all.putAll(view);
        try {
            return pages.page(request, status, "console/" + name, all);
        } catch (IllegalArgumentException template) {
            // Not to be taken for what a rule refuses.
            throw new ConsoleErrors.BrokenPageException(template);
        }
    }

    /** A page that says one thing. */
    ResponseEntity<String> message(HttpServletRequest request, HttpStatus status, String title, String text) {
        return message(request, status, title, text, "/console");
    }

    /** What was asked for needs a second person. */
    ResponseEntity<String> waits(HttpServletRequest request, Approval approval) {
        return message(
                request,
                HttpStatus.ACCEPTED,
                "Another person has to approve this",
                "Nothing was given yet: " + approval.text() + " waits as approval " + approval.id() + ".",
                "/console/approvals");
    }

    /** What became of an action, and where it began. */
    ResponseEntity<String> message(
            HttpServletRequest request, HttpStatus status, String title, String text, String back) {
        return page(request, status, "", "message", Map.of("title", title, "text", text, "back", back));
    }
}
