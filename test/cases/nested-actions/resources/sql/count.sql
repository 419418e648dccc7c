SELECT COUNT(*) AS n, "$EventID" AS event, SPLIT("$URLs") AS urls FROM $DestTable
