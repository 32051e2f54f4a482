package io.transfuse.protocol;

import static io.transfuse.protocol.Frames.ascii;
import static io.transfuse.protocol.Frames.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame of the protocol has the bytes of vectors.txt, and these bytes have its fields. */
class GoldenVectorsTest {
    private static final long ID = 0x0102030405060708L;
    private static final long OWNER = 0xfedcba9876543210L;
    private static final Set<Opcode> ONE_WAY =
            Set.of(Opcode.FORGET, Opcode.RELEASE, Opcode.CANCEL, Opcode.INVALIDATED, Opcode.CREDENTIALS, Opcode.LOG);
    private static final Map<String, Frame> FRAMES = new LinkedHashMap<>();

    /** Makes a frame and returns its length. */
    private interface Encoder {
        int encode(ByteBuffer frame);
    }

    /** Compares the fields of a frame. */
    private interface Check {
        void check(ByteBuffer frame) throws Exception;
    }

    private record Frame(Encoder encoder, Check check) {}

    private static void request(final Opcode opcode, final Encoder body, final Check fields) {
        request(opcode, "request", ID, 1000, 100, body, fields);
    }

    private static void oneWay(final Opcode opcode, final long id, final Encoder body, final Check fields) {
        request(opcode, "request", id, 0, 0, body, fields);
    }

    private static void request(
            final Opcode opcode,
            final String variant,
            final long id,
            final int uid,
            final int gid,
            final Encoder body,
            final Check fields) {
        add(
                opcode,
                variant,
                frame -> {
                    RequestFrame.setCaller(frame, id, uid, gid);
                    return body.encode(frame);
                },
                frame -> {
                    assertThat(RequestFrame.check(frame)).isEqualTo(opcode);
                    assertThat(opcode.checkNames(frame)).isZero();
                    assertThat(RequestFrame.length(frame)).isEqualTo(frame.capacity());
                    assertThat(RequestFrame.id(frame)).isEqualTo(id);
                    assertThat(RequestFrame.uid(frame)).isEqualTo(uid);
                    assertThat(RequestFrame.gid(frame)).isEqualTo(gid);
                    fields.check(frame);
                });
    }

    /** A successful reply that holds at least {@code leastSize} bytes. */
    private static void reply(
            final Opcode opcode,
            final String variant,
            final int leastSize,
            final long sequence,
            final Encoder body,
            final Check fields) {
        add(
                opcode,
                variant,
                frame -> {
                    ReplyFrame.setSequence(frame, sequence);
                    return body.encode(frame);
                },
                frame -> {
                    assertThat(ReplyFrame.check(frame, opcode, ID, leastSize)).isZero();
                    assertThat(ReplyFrame.length(frame)).isEqualTo(frame.capacity());
                    assertThat(ReplyFrame.sequence(frame)).isEqualTo(sequence);
                    fields.check(frame);
                });
    }

    private static void reply(final Opcode opcode, final int leastSize, final Encoder body, final Check fields) {
        reply(opcode, "reply", leastSize, 0, body, fields);
    }

    private static void emptyReply(final Opcode opcode) {
        errnoReply(opcode, "reply", 0);
    }

    private static void errnoReply(final Opcode opcode, final String variant, final int errno) {
        add(
                opcode,
                variant,
                frame -> {
                    ReplyFrame.setSequence(frame, 0);
                    return ReplyFrame.encodeErrno(frame, opcode, ID, errno);
                },
                frame -> assertThat(ReplyFrame.check(frame, opcode, ID, ReplyFrame.SIZE))
                        .isEqualTo(errno));
    }

    private static void add(final Opcode opcode, final String variant, final Encoder encoder, final Check check) {
        add(opcode.name().toLowerCase(Locale.ROOT) + "." + variant, encoder, check);
    }

    private static void add(final String name, final Encoder encoder, final Check check) {
        FRAMES.put(name, new Frame(encoder, check));
    }

    /** The attributes that all vectors share but for these fields. */
    private record Attr(long ino, int mode, int nlink, long size, long blocks, int rdev) {
        static final Attr FILE = new Attr(0x2001, 0100644, 1, 5, 8, 0);

        void put(final ByteBuffer frame, final int at) {
            Attributes.putObject(frame, at, ino, mode & ~07, nlink, size, blocks, 4096, rdev);
            Attributes.putMode(frame, at, mode);
            Attributes.putOwner(frame, at, 1000, 100);
            Attributes.putAtime(frame, at, 1_700_000_001, 1);
            Attributes.putMtime(frame, at, 1_700_000_002, 999_999_999);
            Attributes.putCtime(frame, at, 1_700_000_003, 3);
            Attributes.putBtime(frame, at, -1, 4);
        }

        void check(final ByteBuffer frame, final int at) {
            assertThat(new Attr(
                            Attributes.ino(frame, at),
                            Attributes.mode(frame, at),
                            Attributes.nlink(frame, at),
                            Attributes.size(frame, at),
                            Attributes.blocks(frame, at),
                            Attributes.rdev(frame, at)))
                    .isEqualTo(this);
            assertThat(Attributes.uid(frame, at)).isEqualTo(1000);
            assertThat(Attributes.gid(frame, at)).isEqualTo(100);
            assertThat(Attributes.blksize(frame, at)).isEqualTo(4096);
            assertThat(Attributes.atime(frame, at)).isEqualTo(1_700_000_001);
            assertThat(Attributes.atimeNanos(frame, at)).isEqualTo(1);
            assertThat(Attributes.mtime(frame, at)).isEqualTo(1_700_000_002);
            assertThat(Attributes.mtimeNanos(frame, at)).isEqualTo(999_999_999);
            assertThat(Attributes.ctime(frame, at)).isEqualTo(1_700_000_003);
            assertThat(Attributes.ctimeNanos(frame, at)).isEqualTo(3);
            assertThat(Attributes.btime(frame, at)).isEqualTo(-1);
            assertThat(Attributes.btimeNanos(frame, at)).isEqualTo(4);
        }
    }

    static {
        handshake();
        names();
        attributes();
        files();
        directories();
        invalidations();
        events();
        permissions();
        extendedAttributes();
        locks();
        authentication();
    }

    private static SessionToken token() {
        final byte[] bytes = HexFormat.of().parseHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
        return SessionToken.get(Frames.of(bytes), 0);
    }

    private static void handshake() {
        final Hello mount = new Hello.Mount(
                new Version(1, 0),
                0,
                0x101000,
                "/srv/d\u00e4t\u00e4",
                ConsistencyMode.CACHED,
                true,
                new Ownership(Ownership.Policy.RECORDED, 1000, 100),
                0);
        hello("hello.mount", mount);
        hello(
                "hello.cached",
                new Hello.Mount(
                        new Version(1, 1),
                        Features.INVALIDATIONS | Features.CONTENTS,
                        0x101000,
                        "/srv",
                        ConsistencyMode.CACHED,
                        false,
                        Ownership.PASSTHROUGH,
                        65_536));
        hello("hello.log", new Hello.Log(new Version(1, 1), Features.LOG, 0x101000, "gäst"));
        hello("hello.lane", new Hello.Lane(new Version(1, 0), 0, 0x101000, token()));
        hello(
                "hello.lane.processor",
                new Hello.Lane(
                        new Version(1, 1),
                        Features.PROCESSOR,
                        0x101000,
                        token(),
                        new Processor(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), 3)));
        final Attr root = new Attr(2, 040755, 3, 4096, 8, 0);
        add(
                "welcome.mount",
                frame -> {
                    root.put(frame, Welcome.ROOT_ATTRIBUTES);
                    return Welcome.encode(
                            frame,
                            new Welcome(new Version(1, 0), 0x101000, 0, 0x100000, ExportFlags.READ_ONLY, token(), 1));
                },
                frame -> {
                    assertThat(Welcome.decode(frame))
                            .isEqualTo(new Welcome(
                                    new Version(1, 0), 0x101000, 0, 0x100000, ExportFlags.READ_ONLY, token(), 1));
                    root.check(frame, Welcome.ROOT_ATTRIBUTES);
                });
        final Welcome lane = new Welcome(new Version(1, 0), 0x101000, 0, 0x100000, 0, token(), 1);
        add(
                "welcome.lane",
                frame -> {
                    frame.put(Welcome.ROOT_ATTRIBUTES, new byte[Attributes.SIZE]);
                    return Welcome.encode(frame, lane);
                },
                frame -> assertThat(Welcome.decode(frame)).isEqualTo(lane));
        add("welcome.refusal", frame -> Welcome.encodeRefusal(frame, Errno.EACCES, "/etc is not exported"), frame -> {
            final RefusedException refusal = catchThrowableOfType(RefusedException.class, () -> Welcome.decode(frame));
            assertThat(refusal).hasMessage("/etc is not exported");
            assertThat(refusal.errno()).isEqualTo(Errno.EACCES);
        });
    }

    /** A lane of a daemon that has a secret; the proofs are those of these very frames. */
    private static void authentication() {
        final Nonce guest = Nonce.get(Frames.of(sequence(0x10)), 0);
        final Nonce host = Nonce.get(Frames.of(sequence(0x40)), 0);
        final Secret secret = new Secret("a secret of the golden vectors".getBytes(UTF_8));
        final byte[] hello = Vectors.ALL.get("hello.authenticated");
        final Hello lane = new Hello.Lane(new Version(1, 1), 0, 0x101000, token());
        add(
                "hello.authenticated",
                frame -> {
                    Hello.encode(frame, lane);
                    return Hello.addNonce(frame, guest);
                },
                frame -> assertThat(Hello.decode(frame))
                        .isEqualTo(new Hello.Lane(new Version(1, 1), Features.AUTHENTICATION, 0x101000, token())));
        add("authenticate.reply", frame -> Authenticate.encodeChallenge(frame, host), frame -> assertThat(
                        Authenticate.challenge(frame))
                .isEqualTo(host));
        add(
                "authenticate.request",
                frame -> Authenticate.encode(frame, secret.guestProof(host, hello)),
                frame -> assertThat(Authenticate.proof(frame)).isEqualTo(secret.guestProof(host, hello)));
        final Welcome welcome = new Welcome(new Version(1, 1), 0x101000, 0, 0x100000, 0, token(), 1);
        add(
                "welcome.authenticated",
                frame -> {
                    frame.put(Welcome.ROOT_ATTRIBUTES, new byte[Attributes.SIZE]);
                    Welcome.encode(frame, welcome);
                    return Welcome.addProof(frame, secret.hostProof(host, hello));
                },
                frame -> {
                    assertThat(Welcome.decode(frame).features()).isEqualTo(Features.AUTHENTICATION);
                    assertThat(Welcome.proof(frame)).isEqualTo(secret.hostProof(host, hello));
                });
    }

    private static byte[] sequence(final int first) {
        final byte[] bytes = new byte[Nonce.SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private static void hello(final String name, final Hello hello) {
        add(name, frame -> Hello.encode(frame, hello), frame -> {
            assertThat(RequestFrame.check(frame)).isEqualTo(Opcode.HELLO);
            assertThat(Hello.decode(frame)).isEqualTo(hello);
        });
    }

    private static void names() {
        request(Opcode.LOOKUP, frame -> Lookup.encode(frame, 1, ascii("<hello.txt>"), 1, 9), frame -> {
            assertThat(Lookup.parent(frame)).isEqualTo(1);
            assertThat(name(frame, Lookup.name())).isEqualTo("hello.txt");
        });
        node(Opcode.LOOKUP, Lookup.REPLY_SIZE, Lookup.REPLY_ATTRIBUTES, 0x11, Attr.FILE);
        errnoReply(Opcode.LOOKUP, "error", Errno.ENOENT);
        oneWay(
                Opcode.FORGET,
                ID,
                frame -> {
                    Forget.putEntry(frame, 0, 0x11, 3);
                    Forget.putEntry(frame, 1, 0x12, 1);
                    return Forget.encode(frame, 2);
                },
                frame -> {
                    assertThat(Forget.count(frame)).isEqualTo(2);
                    assertThat(Forget.node(frame, 0)).isEqualTo(0x11);
                    assertThat(Forget.lookups(frame, 0)).isEqualTo(3);
                    assertThat(Forget.node(frame, 1)).isEqualTo(0x12);
                    assertThat(Forget.lookups(frame, 1)).isEqualTo(1);
                });
        request(Opcode.READLINK, frame -> Readlink.encode(frame, 0x13), frame -> assertThat(Readlink.node(frame))
                .isEqualTo(0x13));
        reply(
                Opcode.READLINK,
                ReplyFrame.SIZE,
                frame -> {
                    frame.put(Readlink.REPLY_TARGET, ascii("../to/there"), 0, 11);
                    return Readlink.encodeReply(frame, ID, 11);
                },
                frame -> assertThat(ascii(frame, Readlink.REPLY_TARGET, Readlink.targetLength(frame)))
                        .isEqualTo("../to/there"));
        request(
                Opcode.SYMLINK,
                frame -> Symlink.encode(frame, 1, ascii("link"), 0, 4, ascii("../to/there"), 0, 11),
                frame -> {
                    assertThat(Symlink.parent(frame)).isEqualTo(1);
                    assertThat(name(frame, Symlink.name())).isEqualTo("link");
                    assertThat(Frames.bytes(frame, Symlink.target(frame))).isEqualTo("../to/there");
                });
        node(
                Opcode.SYMLINK,
                Symlink.REPLY_SIZE,
                Symlink.REPLY_ATTRIBUTES,
                0x13,
                new Attr(0x2003, 0120777, 1, 11, 0, 0));
        request(Opcode.MKNOD, frame -> Mknod.encode(frame, 1, 020600, 0x00100501, ascii("dev"), 0, 3), frame -> {
            assertThat(Mknod.parent(frame)).isEqualTo(1);
            assertThat(Mknod.mode(frame)).isEqualTo(020600);
            assertThat(Mknod.rdev(frame)).isEqualTo(0x00100501);
            assertThat(name(frame, Mknod.name())).isEqualTo("dev");
        });
        node(
                Opcode.MKNOD,
                Mknod.REPLY_SIZE,
                Mknod.REPLY_ATTRIBUTES,
                0x14,
                new Attr(0x2004, 020600, 1, 0, 0, 0x00100501));
        request(Opcode.MKDIR, frame -> Mkdir.encode(frame, 1, 02755, ascii("dir"), 0, 3), frame -> {
            assertThat(Mkdir.parent(frame)).isEqualTo(1);
            assertThat(Mkdir.mode(frame)).isEqualTo(02755);
            assertThat(name(frame, Mkdir.name())).isEqualTo("dir");
        });
        node(Opcode.MKDIR, Mkdir.REPLY_SIZE, Mkdir.REPLY_ATTRIBUTES, 0x15, new Attr(0x2005, 042755, 2, 4096, 8, 0));
        request(Opcode.UNLINK, frame -> Unlink.encode(frame, 1, ascii("hello.txt"), 0, 9), frame -> {
            assertThat(Unlink.parent(frame)).isEqualTo(1);
            assertThat(name(frame, Unlink.name())).isEqualTo("hello.txt");
        });
        emptyReply(Opcode.UNLINK);
        request(Opcode.RMDIR, frame -> Rmdir.encode(frame, 1, ascii("dir"), 0, 3), frame -> {
            assertThat(Rmdir.parent(frame)).isEqualTo(1);
            assertThat(name(frame, Rmdir.name())).isEqualTo("dir");
        });
        emptyReply(Opcode.RMDIR);
        request(
                Opcode.RENAME,
                frame -> Rename.encode(frame, 1, 0x15, RenameFlags.EXCHANGE, ascii("old"), 0, 3, ascii("newer"), 0, 5),
                frame -> {
                    assertThat(Rename.oldParent(frame)).isEqualTo(1);
                    assertThat(Rename.newParent(frame)).isEqualTo(0x15);
                    assertThat(Rename.flags(frame)).isEqualTo(RenameFlags.EXCHANGE);
                    assertThat(name(frame, Rename.oldName())).isEqualTo("old");
                    assertThat(name(frame, Rename.newName(frame))).isEqualTo("newer");
                });
        emptyReply(Opcode.RENAME);
        request(Opcode.LINK, frame -> Link.encode(frame, 0x11, 0x15, ascii("more"), 0, 4), frame -> {
            assertThat(Link.node(frame)).isEqualTo(0x11);
            assertThat(Link.newParent(frame)).isEqualTo(0x15);
            assertThat(name(frame, Link.newName())).isEqualTo("more");
        });
        node(Opcode.LINK, Link.REPLY_SIZE, Link.REPLY_ATTRIBUTES, 0x11, new Attr(0x2001, 0100644, 2, 5, 8, 0));
    }

    /** A reply of node and attributes. */
    private static void node(
            final Opcode opcode, final int size, final int attributesAt, final long node, final Attr attributes) {
        reply(
                opcode,
                size,
                frame -> {
                    attributes.put(frame, attributesAt);
                    return encodeNode(opcode, frame, node);
                },
                frame -> {
                    assertThat(replyNode(opcode, frame)).isEqualTo(node);
                    attributes.check(frame, attributesAt);
                });
    }

    private static int encodeNode(final Opcode opcode, final ByteBuffer frame, final long node) {
        switch (opcode) {
            case LOOKUP:
                return Lookup.encodeReply(frame, ID, node);
            case SYMLINK:
                return Symlink.encodeReply(frame, ID, node);
            case MKNOD:
                return Mknod.encodeReply(frame, ID, node);
            case MKDIR:
                return Mkdir.encodeReply(frame, ID, node);
            default:
                return Link.encodeReply(frame, ID, node);
        }
    }

    private static long replyNode(final Opcode opcode, final ByteBuffer frame) {
        switch (opcode) {
            case LOOKUP:
                return Lookup.replyNode(frame);
            case SYMLINK:
                return Symlink.replyNode(frame);
            case MKNOD:
                return Mknod.replyNode(frame);
            case MKDIR:
                return Mkdir.replyNode(frame);
            default:
                return Link.replyNode(frame);
        }
    }

    private static void attributes() {
        request(Opcode.GETATTR, frame -> Getattr.encode(frame, 0x11, 0x51), frame -> {
            assertThat(Getattr.node(frame)).isEqualTo(0x11);
            assertThat(Getattr.handle(frame)).isEqualTo(0x51);
        });
        reply(
                Opcode.GETATTR,
                "reply",
                Getattr.REPLY_SIZE,
                0x1122334455667788L,
                frame -> {
                    Attr.FILE.put(frame, Getattr.REPLY_ATTRIBUTES);
                    return Getattr.encodeReply(frame, ID);
                },
                frame -> Attr.FILE.check(frame, Getattr.REPLY_ATTRIBUTES));
        final int valid = SetattrValid.MODE
                | SetattrValid.UID
                | SetattrValid.GID
                | SetattrValid.SIZE
                | SetattrValid.ATIME
                | SetattrValid.MTIME
                | SetattrValid.KILL_SUIDGID;
        request(
                Opcode.SETATTR,
                frame -> Setattr.encode(
                        frame, 0x11, 0x51, valid, 04755, 1001, 101, 1L << 33, 1_600_000_000, -1, 7, 999_999_999),
                frame -> {
                    assertThat(Setattr.node(frame)).isEqualTo(0x11);
                    assertThat(Setattr.handle(frame)).isEqualTo(0x51);
                    assertThat(Setattr.valid(frame)).isEqualTo(valid);
                    assertThat(Setattr.mode(frame)).isEqualTo(04755);
                    assertThat(Setattr.uid(frame)).isEqualTo(1001);
                    assertThat(Setattr.gid(frame)).isEqualTo(101);
                    assertThat(Setattr.size(frame)).isEqualTo(1L << 33);
                    assertThat(Setattr.atimeSeconds(frame)).isEqualTo(1_600_000_000);
                    assertThat(Setattr.mtimeSeconds(frame)).isEqualTo(-1);
                    assertThat(Setattr.atimeNanos(frame)).isEqualTo(7);
                    assertThat(Setattr.mtimeNanos(frame)).isEqualTo(999_999_999);
                });
        final Attr changed = new Attr(0x2001, 0104755, 1, 1L << 33, 0, 0);
        reply(
                Opcode.SETATTR,
                Setattr.REPLY_SIZE,
                frame -> {
                    changed.put(frame, Setattr.REPLY_ATTRIBUTES);
                    return Setattr.encodeReply(frame, ID);
                },
                frame -> changed.check(frame, Setattr.REPLY_ATTRIBUTES));
        request(Opcode.STATFS, frame -> Statfs.encode(frame, 1), frame -> assertThat(Statfs.node(frame))
                .isEqualTo(1));
        reply(
                Opcode.STATFS,
                Statfs.REPLY_SIZE,
                frame -> Statfs.encodeReply(frame, ID, 1_000_000, 400_000, 350_000, 65_536, 60_000, 4096, 512, 255),
                frame -> {
                    assertThat(Statfs.replyBlocks(frame)).isEqualTo(1_000_000);
                    assertThat(Statfs.replyBlocksFree(frame)).isEqualTo(400_000);
                    assertThat(Statfs.replyBlocksAvailable(frame)).isEqualTo(350_000);
                    assertThat(Statfs.replyFiles(frame)).isEqualTo(65_536);
                    assertThat(Statfs.replyFilesFree(frame)).isEqualTo(60_000);
                    assertThat(Statfs.replyBlockSize(frame)).isEqualTo(4096);
                    assertThat(Statfs.replyFragmentSize(frame)).isEqualTo(512);
                    assertThat(Statfs.replyNameMax(frame)).isEqualTo(255);
                });
        request(Opcode.SYNCFS, frame -> Syncfs.encode(frame, 1), frame -> assertThat(Syncfs.node(frame))
                .isEqualTo(1));
        emptyReply(Opcode.SYNCFS);
    }

    private static void files() {
        final int flags = OpenFlags.READ_WRITE | OpenFlags.APPEND | OpenFlags.TRUNCATE | OpenFlags.KILL_SUIDGID;
        request(Opcode.OPEN, frame -> Open.encode(frame, 0x11, flags), frame -> {
            assertThat(Open.node(frame)).isEqualTo(0x11);
            assertThat(Open.flags(frame)).isEqualTo(flags);
        });
        reply(Opcode.OPEN, Open.REPLY_SIZE, frame -> Open.encodeReply(frame, ID, 0x51), frame -> assertThat(
                        Open.replyHandle(frame))
                .isEqualTo(0x51));
        reply(
                Opcode.OPEN,
                "content",
                Open.REPLY_CONTENT,
                0x77,
                frame -> {
                    Attr.FILE.put(frame, Open.REPLY_ATTRIBUTES);
                    frame.put(Open.REPLY_CONTENT, ascii("hello"), 0, 5);
                    final int length = Open.encodeReply(frame, ID, 0, 5);
                    ReplyFrame.setFlags(frame, ReplyFlags.WATCHED);
                    return length;
                },
                frame -> {
                    assertThat(ReplyFrame.flags(frame)).isEqualTo(ReplyFlags.WATCHED);
                    assertThat(Open.replyHandle(frame)).isZero();
                    Attr.FILE.check(frame, Open.REPLY_ATTRIBUTES);
                    assertThat(Open.contentLength(frame)).isEqualTo(5);
                    assertThat(Frames.ascii(frame, Open.REPLY_CONTENT, 5)).isEqualTo("hello");
                });
        request(
                Opcode.CREATE,
                frame -> Create.encode(frame, 1, OpenFlags.READ_WRITE | OpenFlags.EXCLUSIVE, 0444, ascii("new"), 0, 3),
                frame -> {
                    assertThat(Create.parent(frame)).isEqualTo(1);
                    assertThat(Create.flags(frame)).isEqualTo(OpenFlags.READ_WRITE | OpenFlags.EXCLUSIVE);
                    assertThat(Create.mode(frame)).isEqualTo(0444);
                    assertThat(name(frame, Create.name())).isEqualTo("new");
                });
        final Attr created = new Attr(0x2006, 0100444, 1, 0, 0, 0);
        reply(
                Opcode.CREATE,
                Create.REPLY_SIZE,
                frame -> {
                    created.put(frame, Create.REPLY_ATTRIBUTES);
                    return Create.encodeReply(frame, ID, 0x16, 0x52);
                },
                frame -> {
                    assertThat(Create.replyNode(frame)).isEqualTo(0x16);
                    assertThat(Create.replyHandle(frame)).isEqualTo(0x52);
                    created.check(frame, Create.REPLY_ATTRIBUTES);
                });
        request(Opcode.TMPFILE, frame -> Tmpfile.encode(frame, 1, OpenFlags.READ_WRITE, 0600), frame -> {
            assertThat(Tmpfile.parent(frame)).isEqualTo(1);
            assertThat(Tmpfile.flags(frame)).isEqualTo(OpenFlags.READ_WRITE);
            assertThat(Tmpfile.mode(frame)).isEqualTo(0600);
        });
        final Attr nameless = new Attr(0x2007, 0100600, 0, 0, 0, 0);
        reply(
                Opcode.TMPFILE,
                Tmpfile.REPLY_SIZE,
                frame -> {
                    nameless.put(frame, Tmpfile.REPLY_ATTRIBUTES);
                    return Tmpfile.encodeReply(frame, ID, 0x17, 0x53);
                },
                frame -> {
                    assertThat(Tmpfile.replyNode(frame)).isEqualTo(0x17);
                    assertThat(Tmpfile.replyHandle(frame)).isEqualTo(0x53);
                    nameless.check(frame, Tmpfile.REPLY_ATTRIBUTES);
                });
        request(Opcode.READ, frame -> Read.encode(frame, 0x51, 1L << 32, 0x20000), frame -> {
            assertThat(Read.handle(frame)).isEqualTo(0x51);
            assertThat(Read.offset(frame)).isEqualTo(1L << 32);
            assertThat(Read.size(frame)).isEqualTo(0x20000);
        });
        reply(
                Opcode.READ,
                ReplyFrame.SIZE,
                frame -> {
                    frame.put(Read.REPLY_DATA, ascii("hello"), 0, 5);
                    return Read.encodeReply(frame, ID, 5);
                },
                frame -> assertThat(ascii(frame, Read.REPLY_DATA, Read.dataLength(frame)))
                        .isEqualTo("hello"));
        reply(Opcode.READ, "end", ReplyFrame.SIZE, 0, frame -> Read.encodeReply(frame, ID, 0), frame -> assertThat(
                        Read.dataLength(frame))
                .isZero());
        request(
                Opcode.WRITE,
                frame -> {
                    frame.put(Write.REQUEST_SIZE, ascii("hello"), 0, 5);
                    return Write.encode(frame, 0x51, 1L << 32, WriteFlags.KILL_SUIDGID, 5);
                },
                frame -> {
                    assertThat(Write.handle(frame)).isEqualTo(0x51);
                    assertThat(Write.offset(frame)).isEqualTo(1L << 32);
                    assertThat(Write.flags(frame)).isEqualTo(WriteFlags.KILL_SUIDGID);
                    assertThat(ascii(frame, Write.REQUEST_SIZE, Write.dataLength(frame)))
                            .isEqualTo("hello");
                });
        reply(Opcode.WRITE, Write.REPLY_SIZE, frame -> Write.encodeReply(frame, ID, 5), frame -> assertThat(
                        Write.replyCount(frame))
                .isEqualTo(5));
        request(Opcode.FLUSH, frame -> Flush.encode(frame, 0x51, OWNER), frame -> {
            assertThat(Flush.handle(frame)).isEqualTo(0x51);
            assertThat(Flush.lockOwner(frame)).isEqualTo(OWNER);
        });
        emptyReply(Opcode.FLUSH);
        oneWay(Opcode.RELEASE, ID, frame -> Release.encode(frame, 0x51, OWNER, ReleaseFlags.FLOCK_UNLOCK), frame -> {
            assertThat(Release.handle(frame)).isEqualTo(0x51);
            assertThat(Release.lockOwner(frame)).isEqualTo(OWNER);
            assertThat(Release.flags(frame)).isEqualTo(ReleaseFlags.FLOCK_UNLOCK);
        });
        request(Opcode.FSYNC, frame -> Fsync.encode(frame, 0x51, FsyncFlags.DATA_ONLY), frame -> {
            assertThat(Fsync.handle(frame)).isEqualTo(0x51);
            assertThat(Fsync.flags(frame)).isEqualTo(FsyncFlags.DATA_ONLY);
        });
        emptyReply(Opcode.FSYNC);
        final int punch = FallocateMode.KEEP_SIZE | FallocateMode.PUNCH_HOLE;
        request(Opcode.FALLOCATE, frame -> Fallocate.encode(frame, 0x51, 4096, 8192, punch), frame -> {
            assertThat(Fallocate.handle(frame)).isEqualTo(0x51);
            assertThat(Fallocate.offset(frame)).isEqualTo(4096);
            assertThat(Fallocate.length(frame)).isEqualTo(8192);
            assertThat(Fallocate.mode(frame)).isEqualTo(punch);
        });
        emptyReply(Opcode.FALLOCATE);
        request(Opcode.LSEEK, frame -> Lseek.encode(frame, 0x51, 4096, SeekWhence.HOLE), frame -> {
            assertThat(Lseek.handle(frame)).isEqualTo(0x51);
            assertThat(Lseek.offset(frame)).isEqualTo(4096);
            assertThat(Lseek.whence(frame)).isEqualTo(SeekWhence.HOLE);
        });
        reply(Opcode.LSEEK, Lseek.REPLY_SIZE, frame -> Lseek.encodeReply(frame, ID, 1L << 33), frame -> assertThat(
                        Lseek.replyOffset(frame))
                .isEqualTo(1L << 33));
        request(Opcode.COPY_FILE_RANGE, frame -> CopyFileRange.encode(frame, 0x51, 0, 0x52, 4096, 1L << 30), frame -> {
            assertThat(CopyFileRange.handleIn(frame)).isEqualTo(0x51);
            assertThat(CopyFileRange.offsetIn(frame)).isZero();
            assertThat(CopyFileRange.handleOut(frame)).isEqualTo(0x52);
            assertThat(CopyFileRange.offsetOut(frame)).isEqualTo(4096);
            assertThat(CopyFileRange.length(frame)).isEqualTo(1L << 30);
        });
        reply(
                Opcode.COPY_FILE_RANGE,
                CopyFileRange.REPLY_SIZE,
                frame -> CopyFileRange.encodeReply(frame, ID, 1L << 29),
                frame -> assertThat(CopyFileRange.replyCount(frame)).isEqualTo(1L << 29));
    }

    private static void directories() {
        request(Opcode.OPENDIR, frame -> Opendir.encode(frame, 1), frame -> assertThat(Opendir.node(frame))
                .isEqualTo(1));
        reply(Opcode.OPENDIR, Opendir.REPLY_SIZE, frame -> Opendir.encodeReply(frame, ID, 0x54), frame -> assertThat(
                        Opendir.replyHandle(frame))
                .isEqualTo(0x54));
        request(Opcode.READDIR, frame -> Readdir.encode(frame, 0x54, 0, 4096, ReaddirFlags.ATTRIBUTES), frame -> {
            assertThat(Readdir.handle(frame)).isEqualTo(0x54);
            assertThat(Readdir.cookie(frame)).isZero();
            assertThat(Readdir.size(frame)).isEqualTo(4096);
            assertThat(Readdir.flags(frame)).isEqualTo(ReaddirFlags.ATTRIBUTES);
        });
        final Attr fifo = new Attr(0x2008, 010644, 1, 0, 0, 0);
        reply(
                Opcode.READDIR,
                ReplyFrame.SIZE,
                frame -> {
                    int at = putEntry(frame, Readdir.REPLY_ENTRIES, 1, 2, 0, 040000, ".", null);
                    at = putEntry(frame, at, 2, 2, 0, 040000, "..", null);
                    at = putEntry(frame, at, 3, 0x2001, 0x11, 0100000, "hello.txt", Attr.FILE);
                    at = putEntry(frame, at, 4, 0x2008, 0x18, 010000, "8 bytes!", fifo);
                    return Readdir.encodeReply(frame, ID, at);
                },
                frame -> {
                    int at = checkEntry(frame, Readdir.REPLY_ENTRIES, 1, 2, 0, 040000, ".", null);
                    at = checkEntry(frame, at, 2, 2, 0, 040000, "..", null);
                    at = checkEntry(frame, at, 3, 0x2001, 0x11, 0100000, "hello.txt", Attr.FILE);
                    at = checkEntry(frame, at, 4, 0x2008, 0x18, 010000, "8 bytes!", fifo);
                    assertThat(at).isEqualTo(ReplyFrame.length(frame));
                });
        reply(
                Opcode.READDIR,
                "end",
                ReplyFrame.SIZE,
                0,
                frame -> Readdir.encodeReply(frame, ID, Readdir.REPLY_ENTRIES),
                frame -> assertThat(ReplyFrame.length(frame)).isEqualTo(Readdir.REPLY_ENTRIES));
        request(Opcode.GETPATH, frame -> Getpath.encode(frame, 0x13), frame -> assertThat(Getpath.node(frame))
                .isEqualTo(0x13));
        reply(
                Opcode.GETPATH,
                ReplyFrame.SIZE,
                frame -> {
                    frame.put(Getpath.REPLY_PATH, ascii("to/there"), 0, 8);
                    return Getpath.encodeReply(frame, ID, 8);
                },
                frame -> assertThat(ascii(frame, Getpath.REPLY_PATH, Getpath.pathLength(frame)))
                        .isEqualTo("to/there"));
        request(Opcode.LISTDIR, frame -> Listdir.encode(frame, 1, 65_536), frame -> {
            assertThat(Listdir.node(frame)).isEqualTo(1);
            assertThat(Listdir.size(frame)).isEqualTo(65_536);
        });
        reply(
                Opcode.LISTDIR,
                "reply",
                ReplyFrame.SIZE,
                0x77,
                frame -> {
                    final int at = putEntry(frame, Readdir.REPLY_ENTRIES, 1, 0x2001, 0x11, 0100000, "x", Attr.FILE);
                    Readdir.setEntryVolatile(frame, Readdir.REPLY_ENTRIES);
                    return Listdir.encodeReply(frame, ID, at);
                },
                frame -> {
                    final int at = checkEntry(frame, Readdir.REPLY_ENTRIES, 1, 0x2001, 0x11, 0100000, "x", Attr.FILE);
                    assertThat(Readdir.entryIsVolatile(frame, Readdir.REPLY_ENTRIES))
                            .isTrue();
                    assertThat(at).isEqualTo(ReplyFrame.length(frame));
                });
    }

    private static void invalidations() {
        add(
                "invalidate.push",
                frame -> {
                    int at = Invalidate.putEntry(
                            frame, Invalidate.ENTRIES, Invalidation.NAME, 1, "hello.txt".getBytes(UTF_8));
                    at = Invalidate.putEntry(frame, at, Invalidation.CHILD, 1, "8 bytes!".getBytes(UTF_8));
                    at = Invalidate.putEntry(frame, at, Invalidation.NODE, 0x11, new byte[0]);
                    at = Invalidate.putEntry(frame, at, Invalidation.ALL, 0, new byte[0]);
                    return Invalidate.encode(frame, 0x77, at);
                },
                frame -> {
                    assertThat(ReplyFrame.opcode(frame)).isEqualTo(Invalidate.CODE);
                    assertThat(ReplyFrame.sequence(frame)).isEqualTo(0x77);
                    int at = checkInvalidation(frame, Invalidate.ENTRIES, Invalidation.NAME, 1, "hello.txt");
                    at = checkInvalidation(frame, at, Invalidation.CHILD, 1, "8 bytes!");
                    at = checkInvalidation(frame, at, Invalidation.NODE, 0x11, "");
                    at = checkInvalidation(frame, at, Invalidation.ALL, 0, "");
                    assertThat(at).isEqualTo(ReplyFrame.length(frame));
                });
        oneWay(Opcode.LOG, 0, frame -> LogRecord.encode(frame, LogRecord.WARNING, "wörds"), frame -> {
            assertThat(LogRecord.level(frame)).isEqualTo(LogRecord.WARNING);
            assertThat(LogRecord.text(frame)).isEqualTo("wörds");
        });
        oneWay(Opcode.INVALIDATED, 0, frame -> Invalidated.encode(frame, 0x77), frame -> assertThat(
                        Invalidated.sequence(frame))
                .isEqualTo(0x77));
    }

    private static void events() {
        add(
                "event.push",
                frame -> {
                    final int create = Event.ENTRIES;
                    final int rename =
                            Event.putEntry(frame, create, EventKind.CREATE, "hello.txt".getBytes(UTF_8), new byte[0]);
                    Event.setDirectories(frame, create, 1, 0);
                    Event.setObject(frame, create, 0, 0100644, 1);
                    final int modify = Event.putEntry(
                            frame, rename, EventKind.RENAME, "hello.tmp".getBytes(UTF_8), "8 bytes!".getBytes(UTF_8));
                    Event.setDirectories(frame, rename, 1, 0x12);
                    Event.setObject(frame, rename, 0x13, 0100600, 2);
                    Event.setReplaced(frame, rename, 0x11, 0120777, 3);
                    final int end = Event.putEntry(frame, modify, EventKind.MODIFY, new byte[0], new byte[0]);
                    Event.setObject(frame, modify, 0x13, 0100600, 2);
                    return Event.encode(frame, 0x78, end);
                },
                frame -> {
                    assertThat(ReplyFrame.opcode(frame)).isEqualTo(Event.CODE);
                    assertThat(ReplyFrame.sequence(frame)).isEqualTo(0x78);
                    int at = checkEvent(frame, Event.ENTRIES, EventKind.CREATE, "hello.txt", "");
                    at = checkEvent(frame, at, EventKind.RENAME, "hello.tmp", "8 bytes!");
                    assertThat(checkEvent(frame, at, EventKind.MODIFY, "", "")).isEqualTo(ReplyFrame.length(frame));
                    assertThat(Event.directory(frame, Event.ENTRIES)).isEqualTo(1);
                    assertThat(Event.mode(frame, Event.ENTRIES)).isEqualTo(0100644);
                    final int rename = Event.entryEnd(frame, Event.ENTRIES);
                    assertThat(Event.directory(frame, rename)).isEqualTo(1);
                    assertThat(Event.newDirectory(frame, rename)).isEqualTo(0x12);
                    assertThat(Event.node(frame, rename)).isEqualTo(0x13);
                    assertThat(Event.mode(frame, rename)).isEqualTo(0100600);
                    assertThat(Event.links(frame, rename)).isEqualTo(2);
                    assertThat(Event.replaced(frame, rename)).isEqualTo(0x11);
                    assertThat(Event.replacedLinks(frame, rename)).isEqualTo(3);
                    assertThat(Event.replacedMode(frame, rename)).isEqualTo(0120777);
                    assertThat(Event.directory(frame, at)).isZero();
                    assertThat(Event.node(frame, at)).isEqualTo(0x13);
                });
    }

    private static int checkEvent(
            final ByteBuffer frame, final int at, final EventKind kind, final String name, final String newName)
            throws ProtocolException {
        final int end = Event.entryEnd(frame, at);
        assertThat(Event.kind(frame, at)).isEqualTo(kind);
        assertThat(Event.name(frame, at)).isEqualTo(name.getBytes(UTF_8));
        assertThat(Event.newName(frame, at)).isEqualTo(newName.getBytes(UTF_8));
        return end;
    }

    private static int checkInvalidation(
            final ByteBuffer frame, final int at, final Invalidation kind, final long node, final String name)
            throws ProtocolException {
        final int end = Invalidate.entryEnd(frame, at);
        assertThat(Invalidate.kind(frame, at)).isEqualTo(kind);
        assertThat(Invalidate.node(frame, at)).isEqualTo(node);
        assertThat(Invalidate.name(frame, at)).isEqualTo(name.getBytes(UTF_8));
        return end;
    }

    private static int putEntry(
            final ByteBuffer frame,
            final int at,
            final long cookie,
            final long ino,
            final long node,
            final int type,
            final String name,
            final Attr attributes) {
        Readdir.putEntry(frame, at, cookie, ino, node, type, name.length(), attributes != null);
        frame.put(Readdir.entryName(at), ascii(name), 0, name.length());
        if (attributes != null) {
            attributes.put(frame, Readdir.entryAttributes(frame, at));
        }
        return at + Readdir.entrySize(name.length(), attributes != null);
    }

    private static int checkEntry(
            final ByteBuffer frame,
            final int at,
            final long cookie,
            final long ino,
            final long node,
            final int type,
            final String name,
            final Attr attributes)
            throws ProtocolException {
        assertThat(Readdir.entryCookie(frame, at)).isEqualTo(cookie);
        assertThat(Readdir.entryIno(frame, at)).isEqualTo(ino);
        assertThat(Readdir.entryNode(frame, at)).isEqualTo(node);
        assertThat(Readdir.entryType(frame, at)).isEqualTo(type);
        assertThat(ascii(frame, Readdir.entryName(at), Readdir.entryNameLength(frame, at)))
                .isEqualTo(name);
        assertThat(Readdir.entryHasAttributes(frame, at)).isEqualTo(attributes != null);
        if (attributes != null) {
            attributes.check(frame, Readdir.entryAttributes(frame, at));
        }
        return Readdir.entryEnd(frame, at);
    }

    private static void permissions() {
        final int[] groups = {100, 2000};
        final int[] range = {100_000, 65_536};
        oneWay(
                Opcode.CREDENTIALS,
                ID,
                frame -> Credentials.encode(
                        frame, Capabilities.DAC_OVERRIDE | Capabilities.FOWNER, groups, range, range),
                frame -> {
                    Credentials.check(frame);
                    assertThat(Credentials.capabilities(frame))
                            .isEqualTo(Capabilities.DAC_OVERRIDE | Capabilities.FOWNER);
                    assertThat(Credentials.groups(frame)).containsExactly(groups);
                    assertThat(Credentials.uidRanges(frame)).containsExactly(range);
                    assertThat(Credentials.gidRanges(frame)).containsExactly(range);
                });
        request(Opcode.ACCESS, frame -> Access.encode(frame, 0x11, AccessMask.READ | AccessMask.EXECUTE), frame -> {
            assertThat(Access.node(frame)).isEqualTo(0x11);
            assertThat(Access.mask(frame)).isEqualTo(AccessMask.READ | AccessMask.EXECUTE);
        });
        emptyReply(Opcode.ACCESS);
    }

    private static void extendedAttributes() {
        request(
                Opcode.SETXATTR,
                frame -> Setxattr.encode(frame, 0x11, XattrFlags.CREATE, ascii("user.key"), 0, 8, ascii("a\0b"), 0, 3),
                frame -> {
                    assertThat(Setxattr.node(frame)).isEqualTo(0x11);
                    assertThat(Setxattr.flags(frame)).isEqualTo(XattrFlags.CREATE);
                    assertThat(name(frame, Setxattr.name())).isEqualTo("user.key");
                    assertThat(Frames.bytes(frame, Setxattr.value(frame))).isEqualTo("a\0b");
                });
        emptyReply(Opcode.SETXATTR);
        request(Opcode.GETXATTR, frame -> Getxattr.encode(frame, 0x11, 256, ascii("user.key"), 0, 8), frame -> {
            assertThat(Getxattr.node(frame)).isEqualTo(0x11);
            assertThat(Getxattr.size(frame)).isEqualTo(256);
            assertThat(name(frame, Getxattr.name())).isEqualTo("user.key");
        });
        getxattrReply("reply", "a\0b");
        getxattrReply("size", "");
        request(Opcode.LISTXATTR, frame -> Listxattr.encode(frame, 0x11, 65_536), frame -> {
            assertThat(Listxattr.node(frame)).isEqualTo(0x11);
            assertThat(Listxattr.size(frame)).isEqualTo(65_536);
        });
        listxattrReply("reply", "user.key\0user.two\0");
        listxattrReply("size", "");
        request(Opcode.REMOVEXATTR, frame -> Removexattr.encode(frame, 0x11, ascii("user.key"), 0, 8), frame -> {
            assertThat(Removexattr.node(frame)).isEqualTo(0x11);
            assertThat(name(frame, Removexattr.name())).isEqualTo("user.key");
        });
        emptyReply(Opcode.REMOVEXATTR);
    }

    private static void getxattrReply(final String variant, final String value) {
        reply(
                Opcode.GETXATTR,
                variant,
                Getxattr.REPLY_SIZE,
                0,
                frame -> {
                    frame.put(Getxattr.REPLY_VALUE, ascii(value), 0, value.length());
                    return Getxattr.encodeReply(frame, ID, 3, value.length());
                },
                frame -> {
                    assertThat(Getxattr.replyValueSize(frame)).isEqualTo(3);
                    assertThat(ascii(frame, Getxattr.REPLY_VALUE, Getxattr.valueLength(frame)))
                            .isEqualTo(value);
                });
    }

    private static void listxattrReply(final String variant, final String names) {
        reply(
                Opcode.LISTXATTR,
                variant,
                Listxattr.REPLY_SIZE,
                0,
                frame -> {
                    frame.put(Listxattr.REPLY_NAMES, ascii(names), 0, names.length());
                    return Listxattr.encodeReply(frame, ID, 18, names.length());
                },
                frame -> {
                    assertThat(Listxattr.replyListSize(frame)).isEqualTo(18);
                    assertThat(ascii(frame, Listxattr.REPLY_NAMES, Listxattr.namesLength(frame)))
                            .isEqualTo(names);
                });
    }

    private static void locks() {
        request(Opcode.GETLK, frame -> Getlk.encode(frame, 0x51, OWNER, 10, 19, LockType.WRITE, 4711), frame -> {
            assertThat(Getlk.handle(frame)).isEqualTo(0x51);
            assertThat(Getlk.owner(frame)).isEqualTo(OWNER);
            assertThat(Getlk.start(frame)).isEqualTo(10);
            assertThat(Getlk.end(frame)).isEqualTo(19);
            assertThat(Getlk.type(frame)).isEqualTo(LockType.WRITE);
            assertThat(Getlk.pid(frame)).isEqualTo(4711);
        });
        reply(
                Opcode.GETLK,
                Getlk.REPLY_SIZE,
                frame -> Getlk.encodeReply(frame, ID, 0, Long.MAX_VALUE, LockType.READ, 815),
                frame -> {
                    assertThat(Getlk.replyStart(frame)).isZero();
                    assertThat(Getlk.replyEnd(frame)).isEqualTo(Long.MAX_VALUE);
                    assertThat(Getlk.replyType(frame)).isEqualTo(LockType.READ);
                    assertThat(Getlk.replyPid(frame)).isEqualTo(815);
                });
        setlk("request", 1000, 100, 10, 19, LockType.WRITE, 0);
        setlk("wait", 0, 0, 0, Long.MAX_VALUE, LockType.READ, LockFlags.FLOCK | LockFlags.WAIT);
        emptyReply(Opcode.SETLK);
        errnoReply(Opcode.SETLK, "interrupted", Errno.EINTR);
        oneWay(Opcode.CANCEL, 0, frame -> Cancel.encode(frame, ID), frame -> assertThat(Cancel.target(frame))
                .isEqualTo(ID));
    }

    private static void setlk(
            final String variant,
            final int uid,
            final int gid,
            final long start,
            final long end,
            final int type,
            final int flags) {
        request(
                Opcode.SETLK,
                variant,
                ID,
                uid,
                gid,
                frame -> Setlk.encode(frame, 0x51, OWNER, start, end, type, 4711, flags),
                frame -> {
                    assertThat(Setlk.handle(frame)).isEqualTo(0x51);
                    assertThat(Setlk.owner(frame)).isEqualTo(OWNER);
                    assertThat(Setlk.start(frame)).isEqualTo(start);
                    assertThat(Setlk.end(frame)).isEqualTo(end);
                    assertThat(Setlk.type(frame)).isEqualTo(type);
                    assertThat(Setlk.pid(frame)).isEqualTo(4711);
                    assertThat(Setlk.flags(frame)).isEqualTo(flags);
                });
    }

    static Stream<String> frames() {
        return FRAMES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldEncodeTo(final String name) {
        final ByteBuffer frame = Frames.empty();

        final int length = FRAMES.get(name).encoder().encode(frame);

        assertThat(HexFormat.of().formatHex(Frames.copy(frame, length)))
                .isEqualTo(HexFormat.of().formatHex(Vectors.ALL.get(name)));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldDecode(final String name) throws Exception {
        FRAMES.get(name).check().check(Frames.of(Vectors.ALL.get(name)));
    }

    @Test
    void shouldCheckEveryVector() {
        assertThat(FRAMES.keySet()).containsExactlyInAnyOrderElementsOf(Vectors.ALL.keySet());
    }

    @Test
    void shouldHaveVectorsOfEveryOperation() {
        final Stream<String> expected = Arrays.stream(Opcode.values())
                .filter(opcode -> opcode != Opcode.HELLO)
                .map(opcode -> opcode.name().toLowerCase(Locale.ROOT) + "."
                        + (ONE_WAY.contains(opcode) ? "request" : "reply"));

        assertThat(Vectors.ALL.keySet()).containsAll(expected.toList());
        assertThat(Vectors.ALL.keySet())
                .containsAll(Arrays.stream(Opcode.values())
                        .filter(opcode -> opcode != Opcode.HELLO)
                        .map(opcode -> opcode.name().toLowerCase(Locale.ROOT) + ".request")
                        .toList());
    }
}
