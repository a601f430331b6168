package floof.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluralTest {

    @Test
    void oneIsSingular() {
        assertThat(Plural.of(1, "minute")).isEqualTo("1 minute");
        assertThat(Plural.of(0, "minute")).isEqualTo("0 minutes");
        assertThat(Plural.of(2, "entry")).isEqualTo("2 entries");
        assertThat(Plural.of(2, "key")).isEqualTo("2 keys");
        assertThat(Plural.of(2, "address")).isEqualTo("2 addresses");
        assertThat(Plural.of(2, "match")).isEqualTo("2 matches");
        assertThat(Plural.are(1) + Plural.are(2)).isEqualTo("isare");
    }
}
