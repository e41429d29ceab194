package io.millrace.transport.websocket;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Fills arrays with unpredictable bytes: AES in counter mode, under keys drawn from a strong source and used for a while. Between
 * two keys it allocates nothing, which the JDK's own sources do for every few bytes. One thread at a time.
 */
final class CipherStream implements Consumer<byte[]> {
    private static final int KEY_LENGTH = 32;
    private static final int BLOCK_LENGTH = 16;

    /** Bytes under one key: far below what counter mode is good for. */
    private static final long BYTES_PER_KEY = 64L << 20;

    private final SecureRandom source;
    private final Cipher cipher;
    private final byte[] zeros;
    private long left;

    CipherStream(final SecureRandom source, final int maxLength) {
        this.source = source;
        zeros = new byte[maxLength];
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("the JDK has no AES in counter mode", ex);
        }
    }

    @Override
    public void accept(final byte[] target) {
        try {
            if (left < target.length) {
                changeKey();
            }
            left -= target.length;
            cipher.update(zeros, 0, target.length, target, 0);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("AES in counter mode failed: length=" + target.length, ex);
        }
    }

    private void changeKey() throws GeneralSecurityException {
        final byte[] key = new byte[KEY_LENGTH];
        final byte[] start = new byte[BLOCK_LENGTH];
        source.nextBytes(key);
        source.nextBytes(start);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(start));
        left = BYTES_PER_KEY;
    }
}
