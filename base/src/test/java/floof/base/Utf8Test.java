package floof.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void textStaysAndAByteOrderMarkGoes() throws CharacterCodingException {
        assertThat(Utf8.decode("häß 𝄞\n".getBytes(UTF_8))).isEqualTo("häß 𝄞\n");
        assertThat(Utf8.decode("\ufeffset x".getBytes(UTF_8))).isEqualTo("set x");
        assertThat(Utf8.decode(new byte[0])).isEmpty();
    }

    @Test
    void whatIsNotUtf8IsRefusedByPlace() {
        assertThatThrownBy(() -> Utf8.decode("a\nbc\u00e4d\n".getBytes(ISO_8859_1)))
                .isInstanceOf(CharacterCodingException.class)
                .hasMessage("line 2, column 3: byte 0xe4 is not UTF-8");
        assertThatThrownBy(() -> Utf8.decode(new byte[] {'x', (byte) 0xc3}, 7))
                .hasMessage("line 7, column 2: byte 0xc3 is not UTF-8");
        assertThatThrownBy(() -> Utf8.decode(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}))
                .as("a surrogate")
                .hasMessage("line 1, column 1: byte 0xed is not UTF-8");
    }
}
