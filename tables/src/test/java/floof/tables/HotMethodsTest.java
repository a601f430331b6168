package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What workers call per packet must inline: below FreqInlineSize, 325 bytecodes. */
class HotMethodsTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                Ip4Lookup.class,
                Ip6Lookup.class,
                Fib.class,
                Tables.class,
                Adjacency.class,
                EcmpGroup.class,
                Interface.class,
                Vrf.class,
                Counters.class,
                Readers.class
            })
    void everyMethodIsShortEnoughToInline(Class<?> type) throws Exception {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            assertThat(in).isNotNull();
            for (MethodModel method : ClassFile.of().parse(in.readAllBytes()).methods()) {
                int bytecodes =
                        method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
                assertThat(bytecodes).as(method.methodName().stringValue()).isLessThan(325);
            }
        }
    }
}
