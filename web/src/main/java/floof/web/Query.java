package floof.web;

import floof.api.view.Arguments;
import floof.api.view.Command;
import floof.api.view.Kind;
import floof.api.view.Parameter;
import java.util.List;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** Arguments of a command in the query of a request, by the names of its parameters. */
final class Query {

    private Query() {}

    static Arguments arguments(Command command, Fields query) throws RestException {
        Arguments arguments = Arguments.NONE;
        for (Fields.Field field : query) {
            Parameter parameter =
                    command.parameters().stream()
                            .filter(it -> it.name().equals(field.getName()))
                            .findFirst()
                            .orElseThrow(() -> unknown(command, field.getName()));
            if (field.getValues().size() != 1) {
                throw bad(field.getName() + " is there more than once");
            }
            String value = field.getValue();
            String wrong = wrong(parameter, value);
            if (wrong != null) {
                throw bad(parameter.name() + " '" + value + "': " + wrong);
            }
            arguments = arguments.with(parameter.name(), parameter.canonical(value));
        }
        for (Parameter parameter : command.parameters()) {
            String after = parameter.after();
            boolean isTyped = arguments.has(parameter.name());
            if (!parameter.isSatisfied(arguments)) {
                throw bad(parameter.name() + " is missing");
            }
            if (isTyped && after != null && !arguments.has(after)) {
                throw bad(parameter.name() + " needs " + after);
            }
            for (String other : parameter.without()) {
                if (isTyped && arguments.has(other)) {
                    throw bad(parameter.name() + " cannot stand beside " + other);
                }
            }
        }
        return arguments;
    }

    /** What is wrong with a value, or null. */
    private static @Nullable String wrong(Parameter parameter, String value) {
        List<String> words = parameter.words().stream().map(Parameter.Word::word).toList();
        Kind kind = parameter.kind();
        if (words.contains(value)) {
            return null;
        }
        if (kind != null && value.isEmpty()) {
            return parameter.mayLackValue() ? null : "expected a value";
        }
        if (kind != null) {
            return kind.wrong().apply(value);
        }
        return words.isEmpty()
                ? value.isEmpty() ? null : "expected no value"
                : "expected " + String.join(" or ", words);
    }

    private static RestException unknown(Command command, String name) {
        List<String> names = command.parameters().stream().map(Parameter::name).toList();
        String expected =
                names.isEmpty() ? "expected none" : "expected " + String.join(" or ", names);
        return bad("there is no argument '" + name + "'; " + expected);
    }

    private static RestException bad(String message) {
        return new RestException(400, message);
    }
}
