package floof.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.config.text.Loaded;
import floof.config.text.SetParser;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is read: an answer, soon, with places; never an exception, never a hang. */
class ParserFuzzTest {

    private static final int ROUNDS =
            Integer.parseInt(System.getenv().getOrDefault("FLOOF_FUZZ_ROUNDS", "20"));

    /** Both readers. */
    enum Reader {
        TEXT(TextParser::load),
        SET(SetParser::load);

        private final BiFunction<Branch, String, Loaded> load;

        Reader(BiFunction<Branch, String, Loaded> load) {
            this.load = load;
        }

        Loaded read(String text) {
            Loaded loaded =
                    Assertions.assertTimeoutPreemptively(
                            Duration.ofSeconds(120), () -> load.apply(TestSchema.EMPTY, text));
            assertThat(loaded.errors()).hasSizeLessThanOrEqualTo(TextParser.ERRORS_MAX);
            for (Loaded.Mistake mistake : loaded.errors()) {
                assertThat(mistake.line()).isPositive();
                assertThat(mistake.column()).isPositive();
                assertThat(mistake.message()).isNotBlank().hasSizeLessThan(1000);
                assertThat(mistake.token()).hasSizeLessThan(300);
            }
            return loaded;
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomBytes(Reader reader) {
        for (int seed = 0; seed < 25 * ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(2000)];
            random.nextBytes(bytes);
            reader.read(new String(bytes, UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void mutatedConfigurations(Reader reader) {
        for (int seed = 0; seed < 50 * ROUNDS; seed++) {
            Random random = new Random(seed);
            Branch tree = new RandomConfig(random).tree(20);
            StringBuilder text =
                    new StringBuilder(
                            reader == Reader.TEXT
                                    ? TextPrinter.print(tree)
                                    : SetPrinter.print(tree, List.of(), false));
            for (int i = random.nextInt(6); i >= 0 && !text.isEmpty(); i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[];\"\\#/* \n".charAt(random.nextInt(12)));
                    case 2 -> text.setCharAt(at, (char) random.nextInt(0x300));
                    default -> text.setLength(at);
                }
            }
            Loaded loaded = reader.read(text.toString());
            // What was read without a mistake is a tree like any other.
            if (loaded.errors().isEmpty()) {
                assertThat(TextParser.load(TestSchema.EMPTY, loaded.tree().toString()).tree())
                        .isEqualTo(loaded.tree());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void deepNesting(Reader reader) {
        for (String word : List.of("{", "a {", "[", "interfaces {", "interfaces a {", "}", "/*")) {
            assertThat(reader.read(word.repeat(200_000)).errors()).as(word).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void longLines(Reader reader) {
        int size = 10 << 20;
        for (String text :
                List.of(
                        "x".repeat(size),
                        "\"" + "x".repeat(size),
                        "set interfaces ge-0 description " + "x".repeat(size) + ";",
                        "set interfaces ge-0 description \"" + "\\\"".repeat(size / 2) + "\";",
                        "set bgp prefixes [ " + "10.0.0.0/8 ".repeat(size / 11) + "]",
                        "a ".repeat(size / 2),
                        ";".repeat(size) + "a;")) {
            assertThat(reader.read(text).errors()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooLong(Reader reader) {
        Loaded loaded = reader.read(" ".repeat(TextParser.TEXT_MAX + 1));
        assertThat(loaded.errors().getFirst().message()).contains("expected at most");
    }
}
