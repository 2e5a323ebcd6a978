package io.postpaid.cli;

import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.HeldItems.HeldItem;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "held", description = "What runs could not do, each with its reason; the next run tries again.")
final class HeldCommand implements Callable<Answer> {
    private static final int WIDEST_ITEM = 60;

    private static final Fields<HeldItem> ITEMS = new Fields<HeldItem>()
            .both("step", "STEP", HeldItem::step)
            .both("period", "PERIOD", HeldItem::period)
            .field("item", HeldItem::item)
            .column("ITEM", item -> Table.shown(item.item(), WIDEST_ITEM))
            .both("account", "ACCOUNT", HeldItem::account)
            .field("reason", HeldItem::reason)
            .field("detail", HeldItem::detail)
            .column("REASON", item -> item.reason() + ": " + item.detail())
            .both("first_at", "SINCE", HeldItem::firstAt)
            .both("last_at", "LAST TRIED", HeldItem::lastAt)
            .both("resolved_at", "RESOLVED", HeldItem::resolvedAt);

    @Autowired
    private HeldItems held;

    @Option(names = "--run", paramLabel = "ID", description = "What this run held, also what is resolved since.")
    private @Nullable Long run;

    @Override
    public Answer call() {
        var of = run;
        return ITEMS.listing(
                each -> {
                    if (of == null) held.each(each);
                    else held.eachOfRun(of, each);
                },
                "Nothing is held");
    }
}
