package floof.config.value;

import floof.config.tree.SchemaNode;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * A value that is never shown, logged or compared in clear: {@link #toString} is its hash or sealed
 * form. The schema knows secrets by this class ({@link SchemaNode#isSecret}).
 */
public final class Secret implements Comparable<Secret> {

    /** What stands for a secret where not even its sealed form belongs. */
    public static final String MASK = "/* SECRET-DATA */";

    /** Methods of crypt(5) that are not broken, and the account without a password. */
    public static final String HASH = "\\$(y|gy|7|2b|2y|6|5)\\$[A-Za-z0-9./$=,]{8,250}|[*!]";

    private final String text;

    /** Opens it; null for a hash. */
    private final @Nullable Vault vault;

    private Secret(String text, @Nullable Vault vault) {
        this.text = text;
        this.vault = vault;
    }

    /**
     * One that must be known in clear to be used: sealed text is taken as it is, any other sealed.
     *
     * @param longest characters of the clear text
     * @throws IllegalArgumentException without the text
     */
    public static Secret sealed(Vault vault, String text, int longest) {
        if (Vault.isSealed(text)) {
            return new Secret(text, vault);
        }
        if (text.startsWith(Vault.PREFIX)) {
            throw new IllegalArgumentException("this sealed secret is damaged");
        }
        if (!text.matches("[ -~&&[^\"]]{1," + longest + "}")) {
            throw new IllegalArgumentException(
                    "a secret of this kind has 1.." + longest + " ASCII characters without '\"'");
        }
        return new Secret(vault.seal(text), vault);
    }

    /**
     * One that is only checked: a hash as crypt(5) describes them.
     *
     * @throws IllegalArgumentException without the text
     */
    public static Secret hashed(String text) {
        if (!text.matches(HASH)) {
            throw new IllegalArgumentException(
                    "this is not a crypt(5) hash; 'plain-text-password' asks for a password and"
                            + " makes one");
        }
        return new Secret(text, null);
    }

    /**
     * The clear text of a sealed secret; null when it was sealed with another key.
     *
     * @throws IllegalStateException for a hash, which has none
     */
    public @Nullable String open() {
        if (vault == null) {
            throw new IllegalStateException("a hash cannot be opened");
        }
        try {
            return vault.unseal(text);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** What two equal secrets have in common; the same clear text is sealed anew each time. */
    private String content() {
        String clear = vault == null ? null : open();
        return clear == null ? text : clear;
    }

    @Override
    public int compareTo(Secret other) {
        return content().compareTo(other.content());
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Secret other
                && (text.equals(other.text) || content().equals(other.content()));
    }

    @Override
    public int hashCode() {
        return content().hashCode();
    }

    /** The hash or the sealed text: what is stored and shown. */
    @Override
    public String toString() {
        return text;
    }
}
