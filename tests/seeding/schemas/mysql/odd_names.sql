CREATE TABLE `order` (`key` INT AUTO_INCREMENT PRIMARY KEY, `select` VARCHAR(20) NOT NULL, `two words` INT NOT NULL, `größe` DECIMAL(5,1), UNIQUE KEY `of two` (`select`, `two words`));
CREATE TABLE `group-by` (`id` INT PRIMARY KEY, `order` INT NOT NULL, CONSTRAINT `a-b` FOREIGN KEY (`order`) REFERENCES `order` (`key`), KEY `prefix` (`id`, `order`));
