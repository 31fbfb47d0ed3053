ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
CREATE INDEX CONCURRENTLY "User_name_idx" ON "User"("name"); -- expect: up-applies broken
