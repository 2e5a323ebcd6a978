package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {
    private static final List<String> PARTS = List.of(
            "a",
            "b",
            "ab",
            " ",
            "-",
            ".",
            "\\.",
            "\\d",
            "\\W",
            "[ab]",
            "[^a]",
            "[^ \"]",
            "[0-9a]",
            "[\\w.-]",
            "[-a]",
            "[^\\]]",
            "^",
            "$",
            "a|",
            "|b",
            "(a)",
            "(?:ab|a)",
            "(?P<n_1>[^-]",
            ")",
            "(",
            ")?",
            "\"",
            "/",
            "\\[",
            "#",
            ":");
    private static final List<String> REPEATED =
            List.of("", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?");
    private static final List<String> TEXT = List.of(
            "a", "b", "a", "ab", " ", "-", ".", "1", "\n", "\r", "\u0085", "é", "😀", "\ud83d", "]", "\"", "/", "[",
            "#");

    @Test
    void bothMatchersFindTheSame() {
        var random = new Random(5);
        int quick = 0;
        for (int n = 0; n < 60_000; n++) {
            var written = new StringBuilder();
            for (int i = random.nextInt(1, 7); i > 0; i--)
                written.append(any(PARTS, random)).append(any(REPEATED, random));
            LinearPattern pattern;
            try {
                pattern = new LinearPattern(written.toString());
            } catch (PatternSyntaxException e) {
                continue;
            }
            if (!pattern.isQuick()) continue;
            quick++;
            for (int i = 0; i < 8; i++) {
                var text = new StringBuilder();
                for (int length = random.nextInt(8); length > 0; length--) text.append(any(TEXT, random));
                for (boolean whole : new boolean[] {true, false}) {
                    assertThat(groups(pattern, text.toString(), whole))
                            .as("'%s' in '%s', %s", written, text, whole)
                            .isEqualTo(linear(written.toString(), text.toString(), whole));
                }
            }
        }
        assertThat(quick).isGreaterThan(5_000);
    }

    private static @Nullable List<@Nullable String> groups(LinearPattern pattern, String text, boolean whole) {
        var groups = pattern.groups(
                text, whole, IntStream.rangeClosed(0, pattern.groupCount()).toArray());
        return groups == null ? null : Arrays.asList(groups);
    }

    private static @Nullable List<@Nullable String> linear(String pattern, String text, boolean whole) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!(whole ? matcher.matches() : matcher.find())) return null;
        return IntStream.rangeClosed(0, matcher.groupCount())
                .mapToObj(matcher::group)
                .toList();
    }

    private static String any(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+",
                "(?:a|b)*c",
                "\\s",
                "\\bA",
                "(?i)a",
                "[[:alpha:]]",
                "[a&&b]",
                "[a^]",
                "a{,3}",
                "\\pL",
                "é",
                "\\Qa\\E",
                "^*"
            })
    void whatMayMeanSomethingElseToTheOtherIsLeftToTheFirst(String pattern) {
        assertThat(new LinearPattern(pattern).isQuick()).isFalse();
    }

    @Test
    void waysThatReadNothingAreFew() {
        assertThat(new LinearPattern("(a?|b?)".repeat(11) + "c").isQuick()).isFalse();
        assertThat(new LinearPattern("(a?)?".repeat(11) + "c").isQuick()).isFalse();
    }

    @Test
    void patternsOfLogsAreQuick() {
        assertThat(new LinearPattern(
                                "^(?P<ip>[0-9A-Fa-f.:]+) [^ ]+ (?P<user>[^ ]+) \\[(?P<time>[^\\]]+)\\] \"(?P<verb>[A-Z]+) (?P<path>[^ \"]+)"
                                        + " HTTP/[0-9.]+\" (?P<status>[1-5][0-9][0-9]) (?P<bytes>[0-9]+|-) \"(?P<referer>[^\"]*)\"$")
                        .isQuick())
                .isTrue();
        assertThat(new LinearPattern("^/v1/([a-z0-9-]+)(?:[/?]|$)").isQuick()).isTrue();
    }

    @Test
    void aPatternThatTriesAllWaysTakesNoLongerForIt() {
        var pattern = new LinearPattern("(.*)(.*)(.*)(.*)(.*)(.*)(.*)b");
        assertThat(pattern.isQuick()).isTrue();
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(pattern.groups("a".repeat(10_000), true, 1)).isNull());
    }
}
