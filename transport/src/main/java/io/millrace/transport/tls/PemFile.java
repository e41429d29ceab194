package io.millrace.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The blocks of one PEM file (RFC 7468). Whatever is wrong is said with the file's name. */
final class PemFile {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    /** What stands between a BEGIN and its END. */
    private static final class Block {
        final String label;
        final byte[] bytes;

        Block(final String label, final byte[] bytes) {
            this.label = label;
            this.bytes = bytes;
        }
    }

    private final Path path;
    private final List<Block> blocks = new ArrayList<>();

    PemFile(final Path path, final String what) {
        this.path = path;
        parse(text(path, what).lines().map(String::strip).toList());
    }

    private static String text(final Path path, final String what) {
        return new String(readAll(path, what), StandardCharsets.ISO_8859_1);
    }

    /** All bytes of a file that is not too long. */
    static byte[] readAll(final Path path, final String what) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new IllegalArgumentException(
                        what + " longer than " + MOST_BYTES + " bytes: file=" + path + " bytes=" + Files.size(path));
            }
            return Files.readAllBytes(path);
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot read the " + what + ": file=" + path + ": " + ex, ex);
        }
    }

    private void parse(final List<String> lines) {
        String label = null;
        final StringBuilder body = new StringBuilder();
        for (final String line : lines) {
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                body.setLength(0);
            } else if (line.startsWith(END)) {
                if (!line.equals(END + label + DASHES)) {
                    throw bad("the PEM block " + label + " does not end as it began: line=" + line);
                }
                blocks.add(new Block(label, decode(label, body.toString())));
                label = null;
            } else if (label != null) {
                if (line.startsWith("Proc-Type:") && line.contains("ENCRYPTED")) {
                    throw bad("the key is encrypted: decrypt it with openssl pkcs8 -topk8 -nocrypt");
                }
                body.append(line);
            }
        }
        if (label != null) {
            throw bad("the PEM block " + label + " has no end");
        }
        if (blocks.isEmpty()) {
            throw bad("no PEM block, want " + BEGIN + "...");
        }
    }

    private byte[] decode(final String label, final String body) {
        try {
            return Base64.getDecoder().decode(body);
        } catch (final IllegalArgumentException ex) {
            throw bad("the PEM block " + label + " is not base64: " + ex.getMessage());
        }
    }

    /** All certificates, in the order they stand in. */
    List<X509Certificate> certificates() {
        final List<X509Certificate> certificates = new ArrayList<>();
        for (final Block block : blocks) {
            if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
                certificates.add(certificate(block.bytes));
            }
        }
        if (certificates.isEmpty()) {
            throw bad("no certificate among the PEM blocks " + labels());
        }
        return certificates;
    }

    private X509Certificate certificate(final byte[] bytes) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (final CertificateException ex) {
            throw new IllegalArgumentException("not a certificate: file=" + path + ": " + ex.getMessage(), ex);
        }
    }

    /** The one private key. */
    PrivateKey privateKey() {
        PrivateKey key = null;
        for (final Block block : blocks) {
            final String foreign = foreign(block.label);
            if (foreign != null) {
                throw bad(foreign + ": want PKCS#8, make it with openssl pkcs8 -topk8 -nocrypt");
            }
            if (block.label.equals("PRIVATE KEY")) {
                if (key != null) {
                    throw bad("more than one private key");
                }
                key = privateKey(block.bytes);
            }
        }
        if (key == null) {
            throw bad("no private key among the PEM blocks " + labels());
        }
        return key;
    }

    private static String foreign(final String label) {
        return switch (label) {
            case "ENCRYPTED PRIVATE KEY" -> "the key is encrypted";
            case "EC PRIVATE KEY" -> "the key is in the SEC 1 format (EC PRIVATE KEY)";
            case "RSA PRIVATE KEY" -> "the key is in the PKCS#1 format (RSA PRIVATE KEY)";
            case "DSA PRIVATE KEY" -> "the key is a DSA key in a format of its own (DSA PRIVATE KEY)";
            case "OPENSSH PRIVATE KEY" -> "the key is in OpenSSH's format (OPENSSH PRIVATE KEY)";
            default -> null;
        };
    }

    private PrivateKey privateKey(final byte[] bytes) {
        try {
            for (final String algorithm : KEY_ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
                } catch (final InvalidKeySpecException ignored) {
                    // Not of this kind: perhaps of the next one.
                }
            }
        } catch (final GeneralSecurityException ex) {
            throw new IllegalArgumentException("cannot read the private key: file=" + path, ex);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        throw bad("the private key is damaged or of no kind among " + KEY_ALGORITHMS);
    }

    private String labels() {
        return blocks.stream().map(block -> block.label).distinct().collect(Collectors.joining(", ", "[", "]"));
    }

    private IllegalArgumentException bad(final String why) {
        return new IllegalArgumentException(why + ": file=" + path);
    }
}
