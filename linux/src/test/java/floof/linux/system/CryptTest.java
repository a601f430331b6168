package floof.linux.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Hashes of passwords. */
class CryptTest {

    @Test
    void aHashMatchesItsPasswordOnly() {
        String hash = Crypt.hash("correct horse");
        assertThat(hash).startsWith("$y$").isNotEqualTo(Crypt.hash("correct horse"));
        assertThat(Crypt.matches("correct horse", hash)).isTrue();
        assertThat(Crypt.matches("correct hors", hash)).isFalse();
        assertThat(Crypt.matches("x", "*")).isFalse();
        assertThatThrownBy(() -> Crypt.hash("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
