package io.postpaid.cli;

import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.HeldItems.HeldItem;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "held", description = "What runs could not do, each with its reason; the next run tries again.")
final class HeldCommand implements Callable<Answer> {
    @Autowired
    private HeldItems held;

    @Option(names = "--run", paramLabel = "ID", description = "What this run held, also what is resolved since.")
    private @Nullable Long run;

    @Override
    public Answer call() {
        var of = run;
        return Answer.of(new Listing<HeldItem>(
                each -> {
                    if (of == null) held.each(each);
                    else held.eachOfRun(of, each);
                },
                item -> item,
                List.of("STEP", "PERIOD", "ITEM", "ACCOUNT", "REASON", "SINCE", "LAST TRIED", "RESOLVED"),
                item -> List.of(
                        item.step(),
                        text(item.period()),
                        item.item(),
                        text(item.account()),
                        item.reason() + ": " + item.detail(),
                        item.firstAt(),
                        item.lastAt(),
                        text(item.resolvedAt())),
                "Nothing is held"));
    }

    private static Object text(@Nullable Object value) {
        return value == null ? "" : value;
    }
}
