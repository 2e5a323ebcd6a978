package io.postpaid.spark;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.ByteType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/**
 * A row for each line of usage, as the tasks give it and as it is kept: what it states or why it is refused. A row more for each
 * file says what the file is.
 */
final class Lines {
    /** What a row is; the last three are decided when all lines with its key are side by side. */
    static final byte FILE = 0;

    static final byte REFUSED = 1;
    static final byte ACCEPTED = 2;
    static final byte DUPLICATE = 3;
    static final byte CONFLICT = 4;

    static final DecimalType QUANTITY = DataTypes.createDecimalType(28, 9);

    static final StructType SCHEMA = new StructType()
            .add("verdict", ByteType, false)
            .add("file", IntegerType, false)
            .add("line", LongType, false)
            .add("k1", LongType, false)
            .add("k2", LongType, false)
            .add("content", LongType, false)
            .add("corrects", BooleanType, false)
            .add("account", StringType)
            .add("product", StringType)
            .add("quantity", QUANTITY)
            .add("at", TimestampType)
            .add("failed", BooleanType)
            .add("billable", BooleanType)
            .add("source", StringType)
            .add("id", StringType)
            .add("operation", StringType)
            .add("metadata", StringType)
            .add("reason", StringType)
            .add("detail", StringType)
            .add("raw", StringType)
            .add("line_id", StringType)
            .add("voided1", LongType)
            .add("voided2", LongType)
            .add("left_out", LongType)
            .add("first_file", IntegerType)
            .add("first_line", LongType);

    static final int COLUMNS = SCHEMA.size();

    private Lines() {}

    static int at(String column) {
        return SCHEMA.fieldIndex(column);
    }
}
