package floof.fpc;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a type stands in a message. A record is its components in their order, so a new message is
 * nothing but a new record. Usable from any thread.
 */
record Form(BiConsumer<Writer, Object> put, Function<Reader, Object> get) {

    /** How a component stands where its type does not say it. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface As {
        Field value();
    }

    private static final ClassValue<Form> BODIES =
            new ClassValue<>() {
                @Override
                protected Form computeValue(Class<?> type) {
                    return fields(type, "");
                }
            };

    /** The body of a message. */
    static Form of(Class<? extends Message> message) {
        return BODIES.get(message);
    }

    private static Form of(RecordComponent component, String name) {
        As as = component.getAnnotation(As.class);
        return as == null ? of(component.getAnnotatedType(), name) : as.value().form(name);
    }

    private static Form of(AnnotatedType type, String name) {
        if (type instanceof AnnotatedParameterizedType several) {
            AnnotatedType[] of = several.getAnnotatedActualTypeArguments();
            String each = name + "[]";
            return of.length == 1
                    ? list(of(of[0], each), name)
                    : map(of(of[0], each + ".name"), of(of[1], each + ".value"), name);
        }
        Class<?> plain = (Class<?>) type.getType();
        if (plain.getEnumConstants() instanceof Enum<?>[] values) {
            return new Form((to, value) -> to.one((Enum<?>) value), from -> from.one(name, values));
        }
        return Stream.of(Field.values())
                .filter(field -> field.types.contains(plain))
                .findFirst()
                .map(field -> field.form(name))
                .orElseGet(() -> fields(plain, name + "."));
    }

    private static Form fields(Class<?> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        Form[] forms = new Form[components.length];
        for (int i = 0; i < forms.length; i++) {
            forms[i] = of(components[i], prefix + components[i].getName());
        }
        Constructor<?> maker = canonical(type, components);
        return new Form(
                (to, value) -> {
                    for (int i = 0; i < forms.length; i++) {
                        forms[i].put.accept(to, value(components[i], value));
                    }
                },
                from -> {
                    Object[] values = new Object[forms.length];
                    for (int i = 0; i < forms.length; i++) {
                        values[i] = forms[i].get.apply(from);
                    }
                    return made(maker, values);
                });
    }

    private static Constructor<?> canonical(Class<?> type, RecordComponent[] components) {
        try {
            return type.getConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new LinkageError(type.toString(), e);
        }
    }

    private static Object value(RecordComponent component, Object holder) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.toString(), e);
        }
    }

    private static Object made(Constructor<?> maker, Object[] values) {
        try {
            return maker.newInstance(values);
        } catch (ReflectiveOperationException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault; // MalformedMessage
            }
            throw new LinkageError(maker.toString(), e);
        }
    }

    private static Form list(Form element, String name) {
        return new Form(
                (to, value) -> to.list((List<?>) value, one -> element.put.accept(to, one)),
                from -> from.list(name, () -> element.get.apply(from)));
    }

    private static Form map(Form key, Form value, String name) {
        return new Form(
                (to, map) ->
                        to.list(
                                ((Map<?, ?>) map).entrySet(),
                                entry -> {
                                    key.put.accept(to, entry.getKey());
                                    value.put.accept(to, entry.getValue());
                                }),
                from -> {
                    Map<Object, Object> map = new TreeMap<>();
                    from.list(name, () -> map.put(key.get.apply(from), value.get.apply(from)));
                    return map;
                });
    }

    /** What is not made of others. */
    enum Field {
        U8(List.of(), Writer::u8, Reader::u8),
        I32(List.of(int.class), Writer::i32, Reader::i32),
        U32(List.of(), Writer::u32, Reader::u32),
        U64(List.of(long.class, Long.class), Writer::u64, Reader::u64),
        TRUTH(List.of(boolean.class), Writer::truth, Reader::truth),
        TEXT(List.of(String.class), Writer::text, Reader::text),
        ADDRESS(List.of(IpAddress.class), Writer::address, Reader::address),
        ADDRESS_OR_NONE(List.of(), Writer::address, Reader::addressOrNone),
        INTERFACE_ADDRESS(
                List.of(InterfaceAddress.class),
                Writer::interfaceAddress,
                Reader::interfaceAddress),
        PREFIX(List.of(Prefix.class), Writer::prefix, Reader::prefix),
        MAC(List.of(MacAddress.class), Writer::mac, Reader::mac);

        private final List<Class<?>> types;
        private final BiConsumer<Writer, Object> put;
        private final BiFunction<Reader, String, Object> get;

        @SuppressWarnings("unchecked") // a component's value has the component's type
        <T> Field(
                List<Class<?>> types,
                BiConsumer<Writer, T> put,
                BiFunction<Reader, String, T> get) {
            this.types = types;
            this.put = (BiConsumer<Writer, Object>) put;
            this.get = (BiFunction<Reader, String, Object>) get;
        }

        private Form form(String name) {
            return new Form(put, from -> get.apply(from, name));
        }
    }
}
