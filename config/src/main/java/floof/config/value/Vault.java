package floof.config.value;

import floof.base.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that secrets of the configuration are sealed with: AES-256 in Galois/Counter Mode (NIST
 * SP 800-38D), a random nonce of 96 bits each. Thread: any.
 */
public final class Vault {

    /** What sealed text begins with. */
    static final String PREFIX = "$F1$";

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private Vault(byte[] key) {
        this.key = key;
    }

    /**
     * The key of a file; without the file, a new one is made and stored.
     *
     * @throws IOException also when the file holds no key: then it is not replaced
     */
    public static Vault open(Path file) throws IOException {
        if (!Files.exists(file)) {
            Durable.write(file, HexFormat.of().formatHex(random(KEY_BYTES)) + "\n");
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        if (!text.matches("[0-9a-f]{" + 2 * KEY_BYTES + "}")) {
            throw new IOException(
                    file
                            + " is no key; expected "
                            + 2 * KEY_BYTES
                            + " hexadecimal digits: restore it, or remove it and set all secrets"
                            + " again");
        }
        return new Vault(HexFormat.of().parseHex(text));
    }

    /** A random key: nothing sealed outlives the process. */
    public static Vault random() {
        return new Vault(random(KEY_BYTES));
    }

    /** A code over {@code parts} that nobody without the key can make: HMAC-SHA-256 (RFC 2104). */
    public byte[] code(String purpose, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((purpose + "\n").getBytes(StandardCharsets.UTF_8));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks HmacSHA256", e);
        }
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    String seal(String clear) {
        byte[] nonce = random(NONCE_BYTES);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce)
                            .doFinal(clear.getBytes(StandardCharsets.UTF_8));
            byte[] all =
                    ByteBuffer.allocate(nonce.length + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array();
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks AES/GCM", e);
        }
    }

    /**
     * @throws GeneralSecurityException when the text was sealed with another key, or altered
     * @throws IllegalArgumentException when it is no sealed text
     */
    String unseal(String sealed) throws GeneralSecurityException {
        byte[] all = bytes(sealed);
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(all, 0, nonce, 0, NONCE_BYTES);
        byte[] clear =
                cipher(Cipher.DECRYPT_MODE, nonce)
                        .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        return new String(clear, StandardCharsets.UTF_8);
    }

    /** True when text has the form that {@link #seal} gives. */
    static boolean isSealed(String text) {
        try {
            return text.startsWith(PREFIX) && bytes(text).length > NONCE_BYTES + TAG_BITS / 8;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Characters of the sealed form of that many bytes: base64 (RFC 4648) without padding. */
    public static int sealedLength(int clear) {
        int bytes = NONCE_BYTES + clear + TAG_BITS / 8;
        return PREFIX.length() + (bytes * 4 + 2) / 3;
    }

    private static byte[] bytes(String sealed) {
        return Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
    }
}
