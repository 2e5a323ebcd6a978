package io.postpaid.billing.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.billing.document.Flow.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowTest {
    private static final Flow.Painter NOTHING = (pen, top) -> {};

    /** A block is written as its height, {@code +} keeps it with the next; a page is 100 high. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            40 40 20,            40 40 20
            40 40 21,            40 40 | 21
            40 40+ 30,           40 | 40 30
            40 20+ 20+ 30,       40 | 20 20 30
            60+ 60,              60 | 60
            100 100,             100 | 100
            """)
    void breaksPages(String given, String expected) {
        var blocks = new ArrayList<Block>();
        for (var word : given.split(" ")) {
            var block = Block.of(Integer.parseInt(word.replace("+", "")), NOTHING);
            blocks.add(word.endsWith("+") ? block.keepWithNext() : block);
        }
        var pages = Flow.pages(blocks, 0, 0, 100).stream()
                .map(page -> page.stream()
                        .map(placed -> Integer.toString(placed.block().height()))
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | "));
        assertThat(pages).isEqualTo(expected);
    }

    @Test
    void repeatsTheHeadAboveWhatStandsUnderIt() {
        var head = Block.of(10, NOTHING);
        var row = Block.of(50, NOTHING).under(head);
        var pages = Flow.pages(List.of(head, row, row, row), 0, 5, 100);
        assertThat(pages).hasSize(3);
        assertThat(pages.get(1)).extracting(Flow.Placed::top).containsExactly(5, 15);
    }
}
