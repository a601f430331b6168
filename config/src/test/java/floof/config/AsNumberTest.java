package floof.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.config.text.Loaded;
import floof.config.text.SetParser;
import floof.config.tree.TextPrinter;
import floof.config.value.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of autonomous systems (RFC 5396). */
class AsNumberTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "65000, 65000",
        "1.10, 65546",
        "0.1, 1",
        "1.0, 65536",
        "4294967295, 4294967295",
        "65535.65535, 4294967295"
    })
    void bothNotationsAreRead(String text, long number) {
        assertThat(ValueType.asNumber().parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.0",
                "65536.0",
                "1.65536",
                "1.",
                ".1",
                "1.2.3",
                "-1.2",
                "1.x",
                "4294967296",
                ""
            })
    void othersAreRefused(String text) {
        assertThatThrownBy(() -> ValueType.asNumber().parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theConfigurationHoldsTheNumber() {
        Loaded loaded =
                SetParser.load(
                        TestSchema.EMPTY, "set bgp asn 1.10\nset bgp peer p remote-as 0.65010\n");
        assertThat(loaded.errors()).isEmpty();
        assertThat(TextPrinter.print(loaded.tree())).contains("asn 65546;", "remote-as 65010;");
    }
}
