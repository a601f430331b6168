package floof.api.view;

import floof.base.IpAddress;
import floof.base.Prefix;
import org.jspecify.annotations.Nullable;

/** What a value is: front ends check it, and complete it with what exists. */
public enum Kind {
    INTERFACE("<interface>") {
        @Override
        public @Nullable String wrong(String text) {
            return text.length() <= 15 ? null : "expected at most 15 characters";
        }
    },
    NEIGHBOR("<neighbor>") {
        @Override
        public @Nullable String wrong(String text) {
            return complaint(() -> IpAddress.parse(text));
        }
    },
    PREFIX("<prefix>") {
        @Override
        public @Nullable String wrong(String text) {
            return complaint(() -> {
                if (text.indexOf('/') < 0) {
                    IpAddress.parse(text);
                } else {
                    Prefix.parse(text);
                }
            });
        }
    };

    private final String placeholder;

    Kind(String placeholder) {
        this.placeholder = placeholder;
    }

    /** How help names it. */
    public String placeholder() {
        return placeholder;
    }

    /** What is wrong with a text, or null. */
    public abstract @Nullable String wrong(String text);

    private static @Nullable String complaint(Runnable parser) {
        try {
            parser.run();
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
