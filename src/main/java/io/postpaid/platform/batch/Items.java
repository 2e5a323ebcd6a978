package io.postpaid.platform.batch;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a step does with items of one kind. The work may be given an item again; it commits by itself, and calls the outside
 * where it must, unless it is done in the chunk's transaction.
 *
 * @param wanted leaves out what the query cannot tell to be done
 * @param item how an item is called when it is held
 * @param work what is done with some of them; if it throws, it is given each of them alone
 * @param batch how many of them it is given at once
 * @param width how many batches are worked on at a time
 * @param transactional whether a batch is done in its chunk's transaction
 * @param heldBy the step that holds what fails, if it is another one
 * @param end what must hold once all are done
 * @param close gives back what the work needed, however it ended
 */
public record Items<T>(
        Todo<T> todo,
        Predicate<T> wanted,
        Function<T, Item> item,
        Function<List<T>, Done> work,
        int batch,
        int width,
        boolean transactional,
        @Nullable String heldBy,
        Runnable end,
        Runnable close) {
    private static final int ACCOUNTS = 1_000;

    /** Each by itself. */
    public static <T> Items<T> each(Todo<T> todo, Function<T, Item> item, Function<T, Done> work) {
        return some(1, todo, item, one -> work.apply(one.getFirst()));
    }

    /** So many at once. */
    public static <T> Items<T> some(int batch, Todo<T> todo, Function<T, Item> item, Function<List<T>, Done> work) {
        return new Items<>(todo, all -> true, item, work, batch, 1, false, null, () -> {}, () -> {});
    }

    /** Accounts with all that a statement does for them, a chunk of them in its transaction. */
    public static Items<String> accounts(Todo<String> todo, ToIntFunction<List<String>> work) {
        return some(ACCOUNTS, todo, Item::account, some -> Done.of(some.size(), work.applyAsInt(some), 0))
                .inTransaction();
    }

    public Items<T> inTransaction() {
        return new Items<>(todo, wanted, item, work, batch, width, true, heldBy, end, close);
    }

    /** What is done with the same items before the work, in its thread; it may be done again, too. */
    public Items<T> behind(Consumer<List<T>> preparation) {
        Function<List<T>, Done> both = some -> {
            preparation.accept(some);
            return work.apply(some);
        };
        return new Items<>(todo, wanted, item, both, batch, width, transactional, heldBy, end, close);
    }

    public Items<T> only(Predicate<T> wanted) {
        return new Items<>(todo, wanted, item, work, batch, width, transactional, heldBy, end, close);
    }

    /** With so many under way at a time. */
    public Items<T> atOnce(int width) {
        return new Items<>(todo, wanted, item, work, batch, width, transactional, heldBy, end, close);
    }

    public Items<T> heldBy(String step) {
        return new Items<>(todo, wanted, item, work, batch, width, transactional, step, end, close);
    }

    public Items<T> then(Runnable end) {
        return new Items<>(todo, wanted, item, work, batch, width, transactional, heldBy, end, close);
    }

    public Items<T> closing(Runnable close) {
        return new Items<>(todo, wanted, item, work, batch, width, transactional, heldBy, end, close);
    }
}
