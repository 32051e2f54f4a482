package io.transfuse.protocol;

/** What the host tells of an export. */
public final class ExportFlags {
    /** Changes are refused with EROFS. */
    public static final int READ_ONLY = 1;

    /** Two names that differ in case only name one entry. */
    public static final int FOLDS_CASE = 1 << 1;

    /** Two names that differ in Unicode normalisation only name one entry. */
    public static final int NORMALISES = 1 << 2;

    private ExportFlags() {}
}
