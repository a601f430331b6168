package floof.api.view;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.config.store.Revision;
import floof.config.text.JsonPrinter;
import floof.config.tree.Branch;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Records and configurations as JSON, for {@code | display json} and for REST: names of record
 * components are the keys.
 */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(IpAddress.class, text(IpAddress.class))
                                    .addSerializer(Prefix.class, text(Prefix.class))
                                    .addSerializer(MacAddress.class, text(MacAddress.class))
                                    .addSerializer(
                                            InterfaceAddress.class, text(InterfaceAddress.class))
                                    .addSerializer(Instant.class, text(Instant.class))
                                    .addSerializer(new Constant()))
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private Json() {}

    private static ToStringSerializer text(Class<?> type) {
        return new ToStringSerializer(type);
    }

    /** Enum constants as operators write them: lower case with hyphens. */
    @SuppressWarnings("rawtypes") // Jackson knows all enums by the raw type
    private static final class Constant extends StdSerializer<Enum> {

        Constant() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    public static String print(Object value) {
        return MAPPER.writeValueAsString(value) + "\n";
    }

    /**
     * A list, piece by piece: each call gives what the next record adds.
     *
     * @param record null for the end of the list
     */
    public static String next(@Nullable Object record, boolean isFirst) {
        if (record == null) {
            return isFirst ? "[ ]\n" : " ]\n";
        }
        return (isFirst ? "[ " : ", ") + print(record).stripTrailing();
    }

    /** The same as maps, lists, texts, numbers and truth values. */
    public static Object plain(Object value) {
        return MAPPER.convertValue(value, Object.class);
    }

    /**
     * A configuration with its commit's attributes under the key {@code @}.
     *
     * @param commit null before the first one
     */
    public static String print(Branch tree, @Nullable Revision commit) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        if (commit != null) {
            configuration.put("@", attributes(commit));
        }
        configuration.putAll(JsonPrinter.map(tree));
        return print(Map.of("configuration", configuration));
    }

    /** Of a configuration that was committed. */
    public static Map<String, String> attributes(Revision commit) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("junos:commit-seconds", Long.toString(commit.time().getEpochSecond()));
        attributes.put("junos:commit-localtime", Times.local(commit.time()));
        attributes.put("junos:commit-user", commit.user());
        return attributes;
    }
}
