package io.postpaid.platform.checkup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaCheckupTest {
    @ParameterizedTest
    @ValueSource(strings = {"25.0.3+9-LTS", "25.0.4", "25.1", "26"})
    void isTaken(String version) {
        assertThat(JavaCheckup.judge(Runtime.Version.parse(version))).isEqualTo("Java " + version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.2+10", "25.0.1"})
    void isRefused(String version) {
        assertThatThrownBy(() -> JavaCheckup.judge(Runtime.Version.parse(version)))
                .hasMessage(
                        "Java " + version + " can corrupt memory (JDK-8377811): install 25.0.3 or newer, and name it by"
                                + " POSTPAID_JAVA_HOME");
    }
}
